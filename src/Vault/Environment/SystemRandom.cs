using System.Security.Cryptography;

namespace Coffer.Vaults;

/// <summary>The operating system's generator of random bytes.</summary>
public sealed class SystemRandom : IRandomSource
{
    private SystemRandom()
    {
    }

    /// <summary>The one instance.</summary>
    public static SystemRandom Instance { get; } = new();

    /// <inheritdoc/>
#pragma warning disable RS0030 // The one place where the system's randomness enters.
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
#pragma warning restore RS0030
}
