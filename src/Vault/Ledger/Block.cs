using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>A block of the ledger, read from its bytes or about to be signed (docs/format.md, section 4).</summary>
/// <param name="Author">Who signed it.</param>
/// <param name="Vault">The vault id; zero in the first block.</param>
/// <param name="Slot">The slot in whose name it stands.</param>
/// <param name="Height">Its place in the chain; 1 for the first block.</param>
/// <param name="Previous">The hash of the block before it; zero in the first.</param>
/// <param name="Time">The author's clock, milliseconds since 1970. Of no consequence, but as a sign of life.</param>
/// <param name="Newest">The author's newest stored commit; null when it has none.</param>
/// <param name="Changes">Ascending by kind, levels by member, settles by (author, writer).</param>
internal sealed record Block(
    PublicId Author,
    Digest Vault,
    long Slot,
    long Height,
    Digest Previous,
    long Time,
    StoredCommit? Newest,
    IReadOnlyList<LedgerChange> Changes)
{
    /// <summary>The version that this software writes.</summary>
    public const ushort Version = 1;

    /// <summary>The most bytes that a block can have.</summary>
    public const int MaxSize = 16 << 20;

    /// <summary>The most changes that a block can have.</summary>
    public const int MaxChanges = 10_000;

    /// <summary><see cref="Time"/> as a time; what lies behind all times is the last of them.</summary>
    public DateTimeOffset Moment => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(Time, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    /// <summary>The changes of one kind.</summary>
    public IEnumerable<T> ChangesOf<T>()
        where T : LedgerChange => Changes.OfType<T>();

    /// <summary>The epoch that it starts; null when it starts none.</summary>
    public EpochChange? Epoch => ChangesOf<EpochChange>().FirstOrDefault();
}
