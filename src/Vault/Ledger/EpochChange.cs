using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>Starts a key epoch.</summary>
/// <param name="Epoch">Its number: the last one and 1.</param>
/// <param name="Check">The check value of its key, 32 bytes.</param>
/// <param name="Links">Earlier keys sealed under the new one, ascending by epoch; the last epoch is among them.</param>
/// <param name="Wraps">The new key for exactly those who can read after the block, ascending by member.</param>
internal sealed record EpochChange(long Epoch, Digest Check, IReadOnlyList<EpochLink> Links, IReadOnlyList<MemberWrap> Wraps) : LedgerChange
{
    /// <summary>Its number in the format.</summary>
    public const long Number = 4;

    /// <inheritdoc/>
    public override long Kind => Number;
}

/// <summary>The key of an earlier epoch, sealed under a later one's.</summary>
/// <param name="Epoch">The earlier epoch.</param>
/// <param name="Sealed">48 bytes.</param>
internal sealed record EpochLink(long Epoch, byte[] Sealed);

/// <summary>An epoch's key for one member.</summary>
/// <param name="Member">The member.</param>
/// <param name="Wrap">81 bytes.</param>
internal sealed record MemberWrap(PublicId Member, byte[] Wrap);
