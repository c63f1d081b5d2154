namespace Coffer.Vaults;

/// <summary>
/// Another admin's block came first, and with it not all of the changes hold any more; none of them was made. Look at the vault as it is now, and
/// decide again.
/// </summary>
public sealed class VaultConflictException : VaultException
{
    /// <param name="message">For a person: which change does not hold, and because of which block.</param>
    /// <param name="height">The height of the other block.</param>
    /// <param name="hash">The hash of the other block, in lower-case hexadecimal.</param>
    /// <param name="author">Who made the other block.</param>
    public VaultConflictException(string message, long height, string hash, PublicId author)
        : base(message)
    {
        Height = height;
        Hash = hash;
        Author = author;
    }

    /// <summary>The height of the other block.</summary>
    public long Height { get; }

    /// <summary>The hash of the other block, in lower-case hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>Who made the other block.</summary>
    public PublicId Author { get; }
}
