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

    private static readonly Findings Quoted = new("quoted", IfAbsent: true, S3Version.Quoted);
    private static readonly Findings Plain = new("plain", IfAbsent: true, S3Version.Plain);
    private static readonly Findings Unmatched = new("unmatched", IfAbsent: true, null);
    private static readonly Findings Nothing = new(null, IfAbsent: false, null);

    private static readonly ObjectVersion Wrong = new("00000000000000000000000000000000");

    private readonly S3StoreOptions _options;
    private readonly S3Upload _upload;
    private readonly S3Deletion _deletion;
    private readonly SharedAnswer<Findings> _answer;
    private volatile Findings? _findings;

    public ConditionProbe(S3StoreOptions options, S3Upload upload, S3Deletion deletion)
    {
        (_options, _upload, _deletion) = (options, upload, deletion);
        _answer = new SharedAnswer<Findings>(AskAsync, options.Time);
        if (options.IsAmazon)
            _findings = Quoted;
    }

    /// <param name="Answer">What they are called when they are kept; null for what nobody keeps.</param>
    /// <param name="IfAbsent">Whether create-only puts hold.</param>
    /// <param name="MatchForm">How a version is written that must match; null when the condition is not kept.</param>
    internal sealed record Findings(string? Answer, bool IfAbsent, Func<ObjectVersion, string>? MatchForm);

    public bool IsSettled => _findings is not null;

    /// <summary>What the findings are called, to be kept; null when there are none, or create-only puts do not hold.</summary>
    public string? Answer => _findings?.Answer;

    /// <summary>Whether create-only puts hold, as far as is known: true until a probe has found otherwise.</summary>
    public bool IfAbsent => _findings?.IfAbsent ?? true;

    /// <summary>Whether puts of a known version hold, likewise.</summary>
    public bool IfMatch => _findings is null or { MatchForm: not null };

    /// <summary>Takes what was found earlier for granted.</summary>
    public void Trust(string answer) => _findings ??= Array.Find([Quoted, Plain, Unmatched], kept => kept.Answer == answer);

    /// <summary>Settles what conditional puts rest on.</summary>
    public async ValueTask<Findings> SettleAsync(CancellationToken cancellationToken) => _findings ??= await _answer.GetAsync(cancellationToken);

    private async Task<Findings> AskAsync(CancellationToken cancellationToken)
    {
        var key = StoreKey.Parse(NamePrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        try
        {
            if (!await PutAsync(key, "first"u8.ToArray(), PutCondition.IfAbsent, S3Version.Quoted, cancellationToken))
                return Nothing;
            var ifAbsent = !await PutAsync(key, "second"u8.ToArray(), PutCondition.IfAbsent, S3Version.Quoted, cancellationToken);
            var found = await MatchAsync(key, cancellationToken);
            return ifAbsent ? found : found with { Answer = null, IfAbsent = false };
        }
        finally
        {
            await RemoveAsync(key);
        }
    }

    private async Task<Findings> MatchAsync(StoreKey key, CancellationToken cancellationToken)
    {
        var place = PlaceOf(key);
        var info = await _upload.RunAsync(key, ObjectBody.FromBytes("third"u8.ToArray()), PutOptions.Default, S3Version.Quoted, place, cancellationToken);
        if (info.Version is not { } version)
            return Unmatched;
        foreach (var form in (Findings[])[Quoted, Plain])
        {
            if (await PutAsync(key, "fourth"u8.ToArray(), PutCondition.IfMatch(Wrong), form.MatchForm!, cancellationToken))
                return Unmatched;
            if (await PutAsync(key, "third"u8.ToArray(), PutCondition.IfMatch(version), form.MatchForm!, cancellationToken))
                return form;
        }
        return Unmatched;
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
