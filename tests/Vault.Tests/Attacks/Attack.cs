using System.Buffers.Binary;
using Coffer.Testing;
using Coffer.Vaults.Packs;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>Something that who runs a store can do, without any key.</summary>
/// <param name="Name">What it does, in words.</param>
/// <param name="Expected">What must come of it on each <see cref="ReadPath"/>, in their order: see <see cref="AttackCell"/>.</param>
/// <param name="Lie">What the store says.</param>
public sealed record Attack(string Name, string Expected, Func<AttackWorld, Lie> Lie)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("flips a bit of the first block", "HDDHHHHHHHDH", static world => Lies.Flip(world.Objects("ledger")[0], 300)),
        new("flips a bit of a block in the middle", "HDDHHHHHHHDH", static world => Lies.Flip(world.Objects("ledger")[1], -1)),
        new("flips a bit of the newest block", "DLDHHHHHHDDH", static world => Lies.Flip(world.Objects("ledger")[^1], 230)),
        new("flips a bit in the head of a loose commit", "HDDHHHHHHDDH", static world => Lies.Flip(world.Commits[1], 200)),
        new("flips a bit in the tail of a loose commit", "HHHHHHDDHHDH", static world => Lies.Flip(WithTail(world), -1)),
        new("flips a bit in the heads of a pack", "HDDHHHHHHDDH", static world => Lies.Flip(world.Objects("packs")[0], 400)),
        new("flips a bit of each byte in the tails of a pack", "HHHHHHDDHHDH", static world => Lies.Alter(world.Objects("packs")[0], FlipTails)),
        new("flips a bit of a large body", "HHHHHHDHHHDH", static world => Lies.Flip(world.BySize("data")[^1], 5_000_000)),
        new("flips a bit of a bundle or small body", "HHHHHHDDHHDH", static world => Lies.Flip(world.BySize("data")[0], 100)),
        new("cuts a block short", "HDDHHHHHHHDH", static world => Lies.Truncate(world.Objects("ledger")[1], 250)),
        new("cuts a loose commit short", "HDDHHHDDHDDH", static world => Lies.Truncate(world.Commits[1], 150)),
        new("cuts a pack short", "HDDHHHDDHDDH", static world => Lies.Truncate(world.Objects("packs")[0], 1_000)),
        new("cuts a body short", "HHHHHHDDHHDH", static world => Lies.Truncate(world.BySize("data")[^1], 1 << 20)),
        new("shows an empty body", "HHHHHHDDHHDH", static world => Lies.Truncate(world.BySize("data")[^1], 0)),
        new("adds a byte to a block", "HDDHHHHHHHDH", static world => Lies.Extend(world.Objects("ledger")[1], [0])),
        new("adds a byte to a loose commit", "HDDHHHHHHDDH", static world => Lies.Extend(world.Commits[1], [0])),
        new("adds a byte to a pack", "HDDHHHHHHDDH", static world => Lies.Extend(world.Objects("packs")[0], [0])),
        new("adds a byte to a body", "HHHHHHHHHHDH", static world => Lies.Extend(world.BySize("data")[^1], [0])),
        new("swaps two blocks", "HDDHHHHHHHDH", static world => Lies.Swap(world.Objects("ledger")[1], world.Objects("ledger")[2])),
        new("swaps two commits", "HDDHHHDDHDDH", static world => Lies.Swap(world.Commits[1], world.Commits[^2])),
        new("swaps two bodies", "HHHHHHDDHHDH", static world => Lies.Swap(world.BySize("data")[0], world.BySize("data")[1])),
        new("shows an old block as the next one", "HHHHHHHHHHHH", static world => Lies.Copy(world.Objects("ledger")[1], Slot(world.Objects("ledger").Length + 1))),
        new("shows a commit in the place of the next one", "HDDHHHHHHDDH", static world => Lies.Copy(world.Commits[1], Next(world.Commits[1]))),
        new("shows a commit once more, behind the last one", "HHHHHHHHHHHH", static world => Lies.Copy(world.Commits[^1], Next(world.Commits[^1]))),
        new("shows a body under another name too", "HHHHHHHHHHHH", static world => Lies.Copy(world.BySize("data")[0], StoreKey.Parse($"users/data/20200101000000/{new string('0', 26)}"))),
        new("hides the newest block", "DLDDHHHHHDDD", static world => Lies.Hide(world.Objects("ledger")[^1])),
        new("hides a block in the middle", "HDDHHHHHHHDH", static world => Lies.Hide(world.Objects("ledger")[1])),
        new("hides the whole ledger", "DDDDHHHHHDDD", static _ => Lies.Hide(static key => key.Value.StartsWith("users/ledger/", StringComparison.Ordinal))),
        new("hides the end of a writer", "HLDHHHDDHDDH", static world => Lies.Hide(world.Commits[^1])),
        new("hides a commit that others vouch for", "HDDHHHDDHDDH", static world => Lies.Hide(world.Commits[1])),
        new("hides all loose commits", "HLDHHHDDHDDH", static _ => Lies.Hide(static key => key.Value.StartsWith("users/commits/", StringComparison.Ordinal))),
        new("hides a pack", "HDDHHHDDHDDH", static world => Lies.Hide(world.Objects("packs")[0])),
        new("hides a body", "HHHHHHDDHHDH", static world => Lies.Hide(world.BySize("data")[^1])),
        new("hides a segment of bodies", "HHHHHHDDHHDH", static world => Lies.Hide(key => key.Value.StartsWith(world.Objects("data")[0].Value[..26], StringComparison.Ordinal))),
        new("hides the change marker", "HHHHHHHHHHHH", static _ => Lies.Hide(StoreKey.Parse("users/changed"))),
        new("shows the change marker of long ago", "HHHHHHHHHHHH", static world => Lies.RollBack(world.Earlier, static key => key.Value == "users/changed")),
        new("shows everything as it was long ago", "DLDDDDDDDDDD", static world => Lies.RollBack(world.Earlier)),
        new("shows the ledger as it was long ago", "DLDDHHHHHDDD", static world => Lies.RollBack(world.Earlier, static key => key.Value.StartsWith("users/ledger/", StringComparison.Ordinal))),
        new("shows commits and packs as they were long ago", "HLDHHHDDHDDH", static world => Lies.RollBack(world.Earlier, static key => key.Value.StartsWith("users/commits/", StringComparison.Ordinal) || key.Value.StartsWith("users/packs/", StringComparison.Ordinal))),
        new("lists what there was long ago", "HLDHHHHHHHDH", static world => Lies.StaleListing(world.Earlier)),
        new("says that all objects are twice as large", "DDDHHHHHHDDH", static _ => Lies.Misdescribe(static info => info with { Size = info.Size * 2 })),
        new("says that all objects are from tomorrow", "HHHHHHHHHHHH", static _ => Lies.Misdescribe(static info => info with { LastModified = info.LastModified + TimeSpan.FromDays(1) })),
        new("says that all objects are ten years old", "HHHHHHHHHHHH", static _ => Lies.Misdescribe(static info => info with { LastModified = info.LastModified - TimeSpan.FromDays(3650) })),
        new("says that all versions are the same", "HHHHHHHHHHHH", static _ => Lies.Misdescribe(static info => info with { Version = info.Version is null ? null : new ObjectVersion("same") })),
        new("puts rubbish into the next slot of the ledger", "HHHHHHHHHHHH", static world => Lies.Inject(Slot(world.Objects("ledger").Length + 1), Pattern.Bytes(1, 400))),
        new("puts rubbish in the place of a commit", "HDDHHHDDHDDH", static world => Lies.Inject(world.Commits[1], Pattern.Bytes(2, 400))),
        new("puts rubbish behind the last commit", "HHHHHHHHHHHH", static world => Lies.Inject(Next(world.Commits[^1]), Pattern.Bytes(2, 400))),
        new("puts rubbish among the commits", "HHHHHHHHHHHH", static _ => Lies.Inject(StoreKey.Parse("users/commits/0000000000000/0000000000001"), Pattern.Bytes(2, 400))),
        new("puts rubbish among the packs", "HHHHHHHHHHHH", static world => Lies.Inject(StoreKey.Parse(world.Objects("packs")[0].Value[..^1] + (world.Objects("packs")[0].Value[^1] == '0' ? 'g' : '0')), Pattern.Bytes(3, 400))),
        new("puts rubbish among the bodies", "HHHHHHHHHHHH", static _ => Lies.Inject(StoreKey.Parse($"users/data/20200101000000/{new string('0', 26)}"), Pattern.Bytes(4, 400))),
        new("says that a block is of the next version", "HDDHHHHHHHDH", static world => Lies.Alter(world.Objects("ledger")[1], static bytes => Version(bytes, 2))),
        new("says that a commit is of version 0", "HDDHHHHHHDDH", static world => Lies.Alter(world.Commits[1], static bytes => Version(bytes, 0))),
        new("says that a pack is of version 0", "HDDHHHHHHDDH", static world => Lies.Alter(world.Objects("packs")[0], static bytes => Version(bytes, 0))),
        new("sends blocks without an end", "HDDHHHHHHHDH", static world => Lies.EndlessBody(key => key == world.Objects("ledger")[1], long.MaxValue)),
        new("sends a commit without an end", "HDDHHHDDHDDH", static world => Lies.EndlessBody(key => key == world.Commits[1], long.MaxValue)),
        new("sends a pack without an end", "HDDHHHDDHDDH", static world => Lies.EndlessBody(key => key == world.Objects("packs")[0], long.MaxValue)),
        new("sends a body without an end", "HHHHHHDDHHDH", static world => Lies.EndlessBody(key => key == world.BySize("data")[^1], long.MaxValue)),
        new("sends other bytes than it has, everywhere", "DDDHHHDDHDDH", static _ => Lies.EndlessBody(static _ => true)),
    ];

    private static StoreKey Slot(int slot) => StoreKey.Parse("users/ledger/" + Encoding.Base32Hex.Format((ulong)slot));

    /// <summary>The name that the next commit of the same writer would have.</summary>
    private static StoreKey Next(StoreKey commit) => StoreKey.Parse(commit.Value[..^1] + (char)(commit.Value[^1] == '9' ? 'a' : commit.Value[^1] + 1));

    private static StoreKey WithTail(AttackWorld world) => world.Commits.First(key => BinaryPrimitives.ReadUInt32BigEndian(world.Now.BytesOf(key).AsSpan(86)) > 0);

    /// <summary>Which of a pack's tails comes first hangs on random names, so all are changed.</summary>
    private static byte[] FlipTails(byte[] pack)
    {
        for (var i = PackCodec.ReadPreface(pack.AsSpan(0, PackCodec.PrefaceSize), pack.Length); i < pack.Length; i++)
            pack[i] ^= 1;
        return pack;
    }

    private static byte[] Version(byte[] bytes, byte version)
    {
        bytes[9] = version;
        return bytes;
    }
}
