using System.Security.Cryptography;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>
/// Real checks of signatures, each made once: all devices see the same commits, and what one of them has computed is true for the others. Both verdicts are
/// kept.
/// </summary>
internal sealed class SharedChecks : ISignatureChecker
{
    private readonly Dictionary<(string Author, string Digest), bool> _verdicts = [];

    public bool Check(PublicId author, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(signature.Length));
        hash.AppendData(signature);
        hash.AppendData(message);
        var key = (author.ToString(), Convert.ToHexString(hash.GetHashAndReset()));
        if (!_verdicts.TryGetValue(key, out var verdict))
            _verdicts.Add(key, verdict = Ed25519Checker.Instance.Check(author, signature, message));
        return verdict;
    }
}
