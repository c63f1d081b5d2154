using System.Security.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults;

/// <summary>The text of an identity file (docs/format.md, section 3), read: the public id, and the private one either open or locked.</summary>
internal sealed class IdentityText : IDisposable
{
    private const string OpenMark = "COFFER-IDENTITY-1 ";
    private const string LockedMark = "COFFER-LOCKED-IDENTITY-1 ";
    private const string Product = "COFFER-";

    private IdentityText(PrivateId opened)
    {
        Public = opened.Public;
        Opened = opened;
    }

    private IdentityText(LockedIdentity locked)
    {
        Public = locked.Public;
        Locked = locked;
    }

    /// <summary>Whose identity it is.</summary>
    public PublicId Public { get; }

    /// <summary>The private id, when the file is not locked. It is the caller's to dispose.</summary>
    public PrivateId? Opened { get; }

    /// <summary>The locked private id, when the file is locked.</summary>
    public LockedIdentity? Locked { get; }

    /// <summary>The characters of an open identity file. Wipe them after use.</summary>
    public static char[] Format(PrivateId id)
    {
        Span<byte> secret = stackalloc byte[PrivateId.Size];
        id.CopySecretTo(secret);
        string head = $"# A Coffer identity. Whoever reads this file can act as its owner: keep it to yourself.\n{About(id.Public)}{OpenMark}{id.Public} ";
        var text = new char[head.Length + PaddedBase64Url.TextLength(secret.Length) + 1];
        head.CopyTo(text);
        PaddedBase64Url.Format(secret, text.AsSpan(head.Length, text.Length - head.Length - 1));
        text[^1] = '\n';
        CryptographicOperations.ZeroMemory(secret);
        return text;
    }

    /// <summary>The characters of a locked identity file.</summary>
    public static char[] Format(LockedIdentity locked) =>
        $"# A Coffer identity, locked with a passphrase.\n{About(locked.Public)}{LockedMark}{PaddedBase64Url.Format(locked.Bytes)}\n".ToCharArray();

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="IdentityFileException">It is no identity, a newer one, or damaged; <paramref name="name"/> is in the message.</exception>
    public static IdentityText Parse(ReadOnlySpan<char> text, string name)
    {
        var line = OnlyLine(text, name);
        try
        {
            if (line.StartsWith(OpenMark, StringComparison.Ordinal))
                return new IdentityText(ParseOpen(line[OpenMark.Length..]));
            if (line.StartsWith(LockedMark, StringComparison.Ordinal))
                return new IdentityText(ParseLocked(line[LockedMark.Length..]));
        }
        catch (Exception e) when (e is FormatException or WireException)
        {
            throw Damaged(name, e.Message, e);
        }
        throw IsOfAnotherVersion(line)
            ? new IdentityFileException(IdentityFileFault.NewerVersion, $"The identity in {name} was written by newer software; update Coffer to read it.")
            : NotAnIdentity(name);
    }

    /// <inheritdoc/>
    public void Dispose() => Opened?.Dispose();

    /// <summary>The error for a file that was cut off or altered.</summary>
    public static IdentityFileException Damaged(string name, string why, Exception? inner = null) =>
        new(IdentityFileFault.Damaged, $"The identity in {name} is damaged: {why.TrimEnd('.')}. Take it from a backup.", inner);

    /// <summary>The error for a file that is something else.</summary>
    public static IdentityFileException NotAnIdentity(string name) =>
        new(IdentityFileFault.NotAnIdentity, $"{name} is no identity file: a line that begins with {OpenMark.Trim()} or {LockedMark.Trim()} was expected.");

    private static string About(PublicId id) => $"# public id: {id}\n# fingerprint: {id.Fingerprint}\n";

    private static ReadOnlySpan<char> OnlyLine(ReadOnlySpan<char> text, string name)
    {
        var found = ReadOnlySpan<char>.Empty;
        foreach (var line in text.Split('\n'))
        {
            if (text[line].IsEmpty || text[line][0] == '#')
                continue;
            if (text[line].Contains('\r'))
                throw Damaged(name, "its lines end with CR LF; they must end with LF alone");
            if (!found.IsEmpty)
                throw found.StartsWith(Product, StringComparison.Ordinal) ? Damaged(name, "it has more than one line beside comments") : NotAnIdentity(name);
            found = text[line];
        }
        return found;
    }

    private static PrivateId ParseOpen(ReadOnlySpan<char> fields)
    {
        if (fields.Length != (2 * PublicId.TextLength) + 1 || fields[PublicId.TextLength] != ' ')
            throw new WireException("its line is not of the right length");
        var id = PublicId.Parse(fields[..PublicId.TextLength].ToString());
        var secret = PrivateId.Parse(fields[(PublicId.TextLength + 1)..]);
        if (secret.Public == id)
            return secret;
        secret.Dispose();
        throw new WireException("its public id is not the one of its private id");
    }

    private static LockedIdentity ParseLocked(ReadOnlySpan<char> field) =>
        PaddedBase64Url.TryParse(field, out var bytes)
            ? LockedIdentity.Parse(bytes)
            : throw new WireException("its line is not base64url with padding, strictly written");

    /// <summary>Whether the line is one of our marks with another number: COFFER-IDENTITY-2, COFFER-LOCKED-IDENTITY-10.</summary>
    private static bool IsOfAnotherVersion(ReadOnlySpan<char> line)
    {
        var end = line.IndexOf(' ');
        var mark = end < 0 ? line : line[..end];
        return HasNumber(mark, OpenMark.AsSpan(..^2)) || HasNumber(mark, LockedMark.AsSpan(..^2));

        static bool HasNumber(ReadOnlySpan<char> mark, ReadOnlySpan<char> kind) =>
            mark.StartsWith(kind, StringComparison.Ordinal)
            && mark.Length > kind.Length
            && mark[kind.Length] is >= '1' and <= '9'
            && !mark[kind.Length..].ContainsAnyExceptInRange('0', '9')
            && mark[kind.Length..] is not "1";
    }
}
