using System.Security.Cryptography;

namespace Coffer.Stores.S3;

/// <summary>
/// What a server makes of conditional puts. Amazon's keeps them. Others may ignore a condition without a word, so they are asked: the second of two create-only puts
/// of one object must lose. Versions are tried likewise, and in which form the server compares them: with quotes, as RFC 9110 has it, or without.
/// </summary>
internal sealed class ConditionProbe
{
    /// <summary>What the name of a probe's object begins with, right below the store's prefix. No object of a caller can have such a name.</summary>
    public const string NamePrefix = ".coffer-probe-";

    private static readonly ObjectVersion Wrong = new("00000000000000000000000000000000");

    private readonly S3StoreOptions _options;
    private readonly S3Upload _upload;
    private readonly S3Deletion _deletion;
    private readonly SharedAnswer<Findings> _answer;
    private volatile Findings? _findings;
    private volatile bool _isTrusted;

    public ConditionProbe(S3StoreOptions options, S3Upload upload, S3Deletion deletion)
    {
        (_options, _upload, _deletion) = (options, upload, deletion);
        _answer = new SharedAnswer<Findings>(AskAsync, options.Time);
        if (options.IsAmazon)
            _findings = new Findings(IfAbsent: true, S3Version.Quoted);
    }

    /// <param name="IfAbsent">Whether create-only puts hold.</param>
    /// <param name="MatchForm">How a version is written that must match; null when the condition is not kept.</param>
    internal sealed record Findings(bool IfAbsent, Func<ObjectVersion, string>? MatchForm);

    public bool IsSettled => _isTrusted || _findings is not null;

    /// <summary>Whether create-only puts hold, as far as is known: true until a probe has found otherwise.</summary>
    public bool IfAbsent => _findings?.IfAbsent ?? true;

    /// <summary>Whether puts of a known version hold, likewise.</summary>
    public bool IfMatch => _findings is null or { MatchForm: not null };

    public void Trust() => _isTrusted = true;

    /// <summary>Settles what a put with this condition rests on.</summary>
    public async ValueTask<Findings> SettleAsync(PutConditionKind condition, CancellationToken cancellationToken)
    {
        if (_findings is { } known)
            return known;
        // Somebody who asked before vouches for create-only puts; how versions are compared was not handed on.
        if (_isTrusted && condition == PutConditionKind.IfAbsent)
            return new Findings(IfAbsent: true, null);
        return _findings = await _answer.GetAsync(cancellationToken);
    }

    private async Task<Findings> AskAsync(CancellationToken cancellationToken)
    {
        var key = StoreKey.Parse(NamePrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        try
        {
            if (!await PutAsync(key, "first"u8.ToArray(), PutCondition.IfAbsent, S3Version.Quoted, cancellationToken))
                return new Findings(IfAbsent: false, null);
            var ifAbsent = !await PutAsync(key, "second"u8.ToArray(), PutCondition.IfAbsent, S3Version.Quoted, cancellationToken);
            return new Findings(ifAbsent, await MatchFormAsync(key, cancellationToken));
        }
        finally
        {
            await RemoveAsync(key);
        }
    }

    private async Task<Func<ObjectVersion, string>?> MatchFormAsync(StoreKey key, CancellationToken cancellationToken)
    {
        var place = PlaceOf(key);
        var info = await _upload.RunAsync(key, ObjectBody.FromBytes("third"u8.ToArray()), PutOptions.Default, S3Version.Quoted, place, cancellationToken);
        if (info.Version is not { } version)
            return null;
        foreach (var form in (Func<ObjectVersion, string>[])[S3Version.Quoted, static known => known.Value])
        {
            if (await PutAsync(key, "fourth"u8.ToArray(), PutCondition.IfMatch(Wrong), form, cancellationToken))
                return null;
            if (await PutAsync(key, "third"u8.ToArray(), PutCondition.IfMatch(version), form, cancellationToken))
                return form;
        }
        return null;
    }

    /// <summary>Whether the server took a conditional put. A server that refuses the very condition lacks it.</summary>
    private async Task<bool> PutAsync(StoreKey key, byte[] bytes, PutCondition condition, Func<ObjectVersion, string> form, CancellationToken cancellationToken)
    {
        try
        {
            await _upload.RunAsync(key, ObjectBody.FromBytes(bytes), new PutOptions { Condition = condition }, form, PlaceOf(key), cancellationToken);
            return true;
        }
        catch (StoreException e) when (e.Kind is StoreErrorKind.AlreadyExists or StoreErrorKind.ConditionFailed or StoreErrorKind.Unsupported)
        {
            return false;
        }
    }

    private async Task RemoveAsync(StoreKey key)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), _options.Time);
        try
        {
            await _deletion.RunAsync(key, PlaceOf(key) with { Operation = StoreOperation.Delete }, limit.Token);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            // Listings leave it out. Who may put and not delete has nothing else to do here.
        }
    }

    private S3Place PlaceOf(StoreKey key) => new(StoreOperation.Put, key, _options);
}
