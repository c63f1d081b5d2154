namespace Coffer.Vaults;

/// <summary>How much work it takes to try one passphrase: the parameters of scrypt (RFC 7914).</summary>
/// <param name="LogN">log2 of the cost N, 10 to 22.</param>
/// <param name="R">The block size, 1 to 32. One try needs 128 N r bytes of memory.</param>
/// <param name="P">How many such runs, one after the other, 1 to 16.</param>
internal readonly record struct IdentityLock(byte LogN, byte R, byte P)
{
    private const long MaxMemory = 1L << 30;

    /// <summary>128 MiB of memory, and about half a second.</summary>
    public static IdentityLock Default { get; } = new(17, 8, 1);

    /// <summary>Whether scrypt may run with them. A file must not be able to take all of a machine's memory.</summary>
    public bool IsAllowed =>
        LogN is >= 10 and <= 22
        && R is >= 1 and <= 32
        && P is >= 1 and <= 16
        && LogN < 16 * R
        && (128L * R) << LogN <= MaxMemory;
}
