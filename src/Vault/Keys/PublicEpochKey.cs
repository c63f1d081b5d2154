using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Keys;

/// <summary>
/// The key of a public vault's one epoch (docs/format.md, section 5). Everybody who has the first block can derive it: what is sealed under it is bound to its place and shows damage, and hides nothing.
/// </summary>
internal static class PublicEpochKey
{
    /// <summary>The one epoch of a public vault.</summary>
    public const long Epoch = 1;

    /// <summary>The key, 32 bytes.</summary>
    /// <param name="context">What stands for the vault in keys of epoch 1.</param>
    public static byte[] Of(Digest context)
    {
        var key = new byte[Derivation.Size];
        Derivation.Derive(context.ToArray(), [], new LengthPrefixed("coffer/public-key/v1").Add(context).Written, key);
        return key;
    }

    /// <summary>The check value that the first block must have.</summary>
    /// <param name="context">What stands for the vault in keys of epoch 1.</param>
    public static Digest Check(Digest context) => KeyCheck.Of(context, Epoch, Of(context));
}
