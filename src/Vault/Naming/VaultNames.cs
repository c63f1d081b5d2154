using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Packs;

namespace Coffer.Vaults.Naming;

/// <summary>The names of a vault's objects on the store (format, section 2).</summary>
internal sealed class VaultNames
{
    private const int Digits = 13;

    private readonly string _realm;

    /// <param name="realm">1 to 64 characters of <c>[a-z0-9-]</c>.</param>
    public VaultNames(string realm)
    {
        if (RealmFault(realm) is { } fault)
            throw new ArgumentException(fault, nameof(realm));
        _realm = realm;
        Commits = $"{realm}/commits/";
        Packs = $"{realm}/packs/";
        Data = $"{realm}/data/";
        Marker = StoreKey.Parse($"{realm}/changed");
    }

    public static string? RealmFault(string realm) =>
        GenesisChange.IsRealm(realm)
            ? null
            : $"A realm's name is 1 to 64 of a-z, 0-9 and '-', and '{realm}' is not.";

    /// <summary>The prefix of all commits.</summary>
    public string Commits { get; }

    /// <summary>The prefix of all packs.</summary>
    public string Packs { get; }

    /// <summary>The prefix of all bodies.</summary>
    public string Data { get; }

    public StoreKey Marker { get; }

    public StoreKey Commit(CommitName name) => StoreKey.Parse(Commits + name);

    /// <summary>The prefix of one writer's commits.</summary>
    public string Writer(ulong writer) => $"{Commits}{Base32Hex.Format(writer)}/";

    public StoreKey Pack(PackName name) => StoreKey.Parse(Packs + name);

    public StoreKey Object(ObjectName name) => StoreKey.Parse($"{_realm}/{name}");

    /// <summary>The commit that a key names; null when the key is none of ours.</summary>
    public CommitName? ParseCommit(StoreKey key)
    {
        var text = key.Value;
        return text.Length == Commits.Length + Digits + 1 + Digits && text.StartsWith(Commits, StringComparison.Ordinal) && text[Commits.Length + Digits] == '/'
            && Base32Hex.TryParse(text.AsSpan(Commits.Length, Digits), out ulong writer)
            && Base32Hex.TryParse(text.AsSpan(Commits.Length + Digits + 1, Digits), out ulong number) && number is > 0 and <= long.MaxValue
            ? new CommitName(writer, (long)number)
            : null;
    }

    /// <summary>The writer whose commits begin with a prefix; null when it is none of ours.</summary>
    public ulong? ParseWriter(string prefix) =>
        prefix.Length == Commits.Length + Digits + 1 && prefix.StartsWith(Commits, StringComparison.Ordinal) && prefix[^1] == '/'
            && Base32Hex.TryParse(prefix.AsSpan(Commits.Length, Digits), out ulong writer)
            ? writer
            : null;

    /// <summary>The object in <c>data/</c> that a key names; null when the key is none of ours.</summary>
    public ObjectName? ParseObject(StoreKey key) => key.Value.StartsWith(Data, StringComparison.Ordinal) ? ObjectName.TryParse(key.Value.AsSpan(Data.Length)) : null;

    /// <summary>The pack that a key names; null when the key is none of ours.</summary>
    public PackName? ParsePack(StoreKey key) => key.Value.StartsWith(Packs, StringComparison.Ordinal) ? PackName.TryParse(key.Value.AsSpan(Packs.Length)) : null;

    /// <summary>The segment of a moment, in seconds since 1970.</summary>
    public static long Segment(DateTimeOffset time, TimeSpan interval)
    {
        var seconds = time.ToUnixTimeSeconds();
        return seconds - (seconds % (long)interval.TotalSeconds);
    }

    /// <summary>The realm.</summary>
    public override string ToString() => _realm;
}
