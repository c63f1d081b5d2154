using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults;

/// <summary>
/// Names a vault exactly, and what its store must at least have (format, section 10). It holds no secret, but who is given a false one joins a false vault: send it as carefully as a public id.
/// </summary>
public sealed class Invitation
{
    private const string Prefix = "coffer-invite-1:";
    private const int MaxUrl = 4096;
    private const int CheckSize = 4;

    internal Invitation(string storeUrl, string realm, PublicId creator, Digest vault, long slot, long height, Digest head, CommitLink? newest)
    {
        StoreUrl = storeUrl;
        Realm = realm;
        Creator = creator;
        Vault = vault;
        Slot = slot;
        Height = height;
        Head = head;
        Newest = newest;
    }

    /// <summary>The store's URL, without secrets.</summary>
    public string StoreUrl { get; }

    /// <summary>The realm.</summary>
    public string Realm { get; }

    /// <summary>Who created the vault.</summary>
    public PublicId Creator { get; }

    /// <summary>The vault's id, in hexadecimal.</summary>
    public string VaultId => Vault.ToString();

    /// <summary>The height of the newest block that the inviter had.</summary>
    public long Height { get; }

    internal Digest Vault { get; }

    internal long Slot { get; }

    internal Digest Head { get; }

    internal CommitLink? Newest { get; }

    /// <summary>Reads an invitation.</summary>
    /// <exception cref="FormatException">The text is none, or was cut off or mistyped.</exception>
    public static Invitation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            throw new FormatException($"This is no invitation: one begins with '{Prefix}'.");
        if (!PaddedBase64Url.TryParse(text.AsSpan(Prefix.Length), out var bytes) || bytes.Length < CheckSize)
            throw new FormatException("This invitation is not complete, or was mistyped. Copy the whole line again.");
        if (!Check(bytes.AsSpan(0, bytes.Length - CheckSize)).SequenceEqual(bytes.AsSpan(bytes.Length - CheckSize)))
            throw new FormatException("This invitation was cut off or mistyped. Copy the whole line again.");
        try
        {
            var reader = new WireReader(bytes.AsSpan(0, bytes.Length - CheckSize));
            var url = reader.Text(MaxUrl);
            var realm = reader.Text(64);
            var creator = reader.Id();
            var vault = new Digest(reader.Raw(Digest.Size));
            var slot = reader.VarInt();
            var height = reader.VarInt();
            var head = new Digest(reader.Raw(Digest.Size));
            if (height < 1 || slot < height)
                throw new WireException($"height {height} cannot stand in slot {slot}");
            var newest = reader.Flag() ? ReadCommit(ref reader) : null;
            reader.End();
            if (Naming.VaultNames.RealmFault(realm) is { } fault)
                throw new FormatException(fault);
            return new Invitation(url, realm, creator, vault, slot, height, head, newest);
        }
        catch (WireException fault)
        {
            throw new FormatException($"This is no invitation of a version that this software reads: {fault.Message}", fault);
        }
    }

    private static CommitLink ReadCommit(ref WireReader reader)
    {
        var author = reader.Id();
        var writer = reader.U64();
        var number = reader.U64();
        if (number is 0 or > long.MaxValue)
            throw new WireException("the number of the inviter's commit is out of range");
        return new CommitLink(author, writer, (long)number, new Digest(reader.Raw(Digest.Size)));
    }

    /// <summary>The invitation as one line of text.</summary>
    public override string ToString()
    {
        var writer = new WireWriter();
        writer.Text(StoreUrl);
        writer.Text(Realm);
        writer.Id(Creator);
        writer.Raw(Vault.ToArray());
        writer.VarInt(Slot);
        writer.VarInt(Height);
        writer.Raw(Head.ToArray());
        writer.Flag(Newest is not null);
        if (Newest is { } newest)
        {
            writer.Id(newest.Author);
            writer.U64(newest.Writer);
            writer.U64((ulong)newest.Number);
            writer.Raw(newest.Hash.ToArray());
        }
        return Prefix + PaddedBase64Url.Format([.. writer.Written, .. Check(writer.Written)]);
    }

    private static byte[] Check(ReadOnlySpan<byte> bytes) => new LengthPrefixed("coffer/invite/v1").Add(bytes).Hash().ToArray()[..CheckSize];
}
