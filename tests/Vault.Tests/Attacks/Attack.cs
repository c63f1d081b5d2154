using System.Buffers.Binary;
using Coffer.Testing;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Packs;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>Something that who runs a store can do, without any key.</summary>
/// <param name="Name">What it does, in words.</param>
/// <param name="Expected">What must come of it on each <see cref="ReadPath"/>, in their order: see <see cref="AttackCell"/>.</param>
/// <param name="Lie">What the store says.</param>
public sealed record Attack(string Name, string Expected, Func<AttackWorld, Lie> Lie)
{
    /// <summary>Whether the whole of a call may end with an error, though no object is shown other than it is.</summary>
    public bool Stops { get; init; }

    /// <summary>The member who signed something against the rules: findings name that one.</summary>
    internal Func<AttackWorld, PrivateId>? Liar { get; init; }

    /// <summary>Whether it is by a writer: then what it writes counts, and the writer may lose what it wrote.</summary>
    internal bool IsByWriter { get; init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("flips a bit of the first block", "HXXHHHHHHHPH", static world => Lies.Flip(world.Objects("ledger")[0], 300)),
        new("flips a bit of a block in the middle", "HXXHHHHHHHPH", static world => Lies.Flip(world.Objects("ledger")[1], -1)),
        new("flips a bit of the newest block", "PLXHHHHHHPPH", static world => Lies.Flip(world.Objects("ledger")[^1], 230)),
        new("flips a bit in the head of a loose commit", "HAAHHHHHHAPH", static world => Lies.Flip(world.Commits[1], 200)),
        new("flips a bit in the tail of a loose commit", "HHHHHHFFFHAH", static world => Lies.Flip(WithTail(world), -1)),
        new("flips a bit in the heads of a pack", "HAAHHHHHHAAH", static world => Lies.Flip(world.Objects("packs")[0], 400)),
        new("flips a bit of each byte in the tails of a pack", "HHHHHHFFFHAH", static world => Lies.Alter(world.Objects("packs")[0], FlipTails)),
        new("flips a bit of a large body", "HHHHHHFHFHPH", static world => Lies.Flip(world.BySize("data")[^1], 5_000_000)),
        new("flips a bit of a bundle or small body", "HHHHHHFFFHPH", static world => Lies.Flip(world.BySize("data")[0], 100)),
        new("cuts a block short", "HXXHHHHHHHPH", static world => Lies.Truncate(world.Objects("ledger")[1], 250)),
        new("cuts a loose commit short", "HAAHHHFFFAPH", static world => Lies.Truncate(world.Commits[1], 150)),
        new("cuts a pack short", "HAAHHHFFFAAH", static world => Lies.Truncate(world.Objects("packs")[0], 1_000)),
        new("cuts a body short", "HHHHHHFFFHPH", static world => Lies.Truncate(world.BySize("data")[^1], 1 << 20)),
        new("shows an empty body", "HHHHHHFFFHPH", static world => Lies.Truncate(world.BySize("data")[^1], 0)),
        new("adds a byte to a block", "HXXHHHHHHHPH", static world => Lies.Extend(world.Objects("ledger")[1], [0])),
        new("adds a byte to a loose commit", "HAAHHHHHHAPH", static world => Lies.Extend(world.Commits[1], [0])),
        new("adds a byte to a pack", "HAAHHHHHHAAH", static world => Lies.Extend(world.Objects("packs")[0], [0])),
        new("adds a byte to a body", "HHHHHHHHHHPH", static world => Lies.Extend(world.BySize("data")[^1], [0])),
        new("swaps two blocks", "HXXHHHHHHHPH", static world => Lies.Swap(world.Objects("ledger")[1], world.Objects("ledger")[2])),
        new("swaps two commits", "HAAHHHFFFAPH", static world => Lies.Swap(world.Commits[1], world.Commits[^2])),
        new("swaps two bodies", "HHHHHHFFFHPH", static world => Lies.Swap(world.BySize("data")[0], world.BySize("data")[1])),
        new("shows an old block as the next one", "HHHHHHHHHHHH", static world => Lies.Copy(world.Objects("ledger")[1], Slot(world.Objects("ledger").Length + 1))),
        new("shows a commit in the place of the next one", "HAAHHHHHHAPH", static world => Lies.Copy(world.Commits[1], Next(world.Commits[1]))),
        new("shows a commit once more, behind the last one", "HHHHHHHHHHHH", static world => Lies.Copy(world.Commits[^1], Next(world.Commits[^1]))),
        new("shows a body under another name too", "HHHHHHHHHHHH", static world => Lies.Copy(world.BySize("data")[0], StoreKey.Parse($"users/data/20200101000000/{new string('0', 26)}"))),
        new("hides the newest block", "ALXAHHHHHAAA", static world => Lies.Hide(world.Objects("ledger")[^1])),
        new("hides a block in the middle", "HXXHHHHHHHAH", static world => Lies.Hide(world.Objects("ledger")[1])),
        new("hides the whole ledger", "AXXAHHHHHAAA", static _ => Lies.Hide(static key => key.Value.StartsWith("users/ledger/", StringComparison.Ordinal))),
        new("hides the end of a writer", "HLAHHHFFFAAH", static world => Lies.Hide(world.Commits[^1])),
        new("hides a commit that others vouch for", "HAAHHHFFFAAH", static world => Lies.Hide(world.Commits[1])),
        new("hides all loose commits", "HLAHHHFFFAAH", static _ => Lies.Hide(static key => key.Value.StartsWith("users/commits/", StringComparison.Ordinal))),
        new("hides a pack", "HAAHHHFFFAAH", static world => Lies.Hide(world.Objects("packs")[0])),
        new("hides a body", "HHHHHHFFFHAH", static world => Lies.Hide(world.BySize("data")[^1])),
        new("hides a segment of bodies", "HHHHHHFFFHAH", static world => Lies.Hide(key => key.Value.StartsWith(world.Objects("data")[0].Value[..26], StringComparison.Ordinal))),
        new("hides the change marker", "HHHHHHHHHHHH", static _ => Lies.Hide(StoreKey.Parse("users/changed"))),
        new("shows the change marker of long ago", "HHHHHHHHHHHH", static world => Lies.RollBack(world.Earlier, static key => key.Value == "users/changed")),
        new("shows everything as it was long ago", "ALXAAAFFFAAA", static world => Lies.RollBack(world.Earlier)),
        new("shows the ledger as it was long ago", "ALXAHHHHHAAA", static world => Lies.RollBack(world.Earlier, static key => key.Value.StartsWith("users/ledger/", StringComparison.Ordinal))),
        new("shows commits and packs as they were long ago", "HLAHHHFFFAAH", static world => Lies.RollBack(world.Earlier, static key => key.Value.StartsWith("users/commits/", StringComparison.Ordinal) || key.Value.StartsWith("users/packs/", StringComparison.Ordinal))),
        new("lists what there was long ago", "HLXHHHHHHHAH", static world => Lies.StaleListing(world.Earlier)),
        new("says that all objects are twice as large", "SSSHHHHHHSSH", static _ => Lies.Misdescribe(static info => info with { Size = info.Size * 2 })),
        new("says that all objects are from tomorrow", "HHHHHHHHHHHH", static _ => Lies.Misdescribe(static info => info with { LastModified = info.LastModified + TimeSpan.FromDays(1) })),
        new("says that all objects are ten years old", "HHHHHHHHHHHH", static _ => Lies.Misdescribe(static info => info with { LastModified = info.LastModified - TimeSpan.FromDays(3650) })),
        new("says that all versions are the same", "HHHHHHHHHHHH", static _ => Lies.Misdescribe(static info => info with { Version = info.Version is null ? null : new ObjectVersion("same") })),
        new("puts rubbish into the next slot of the ledger", "HHHHHHHHHHHH", static world => Lies.Inject(Slot(world.Objects("ledger").Length + 1), Pattern.Bytes(1, 400))),
        new("puts rubbish in the place of a commit", "HAAHHHFFFAPH", static world => Lies.Inject(world.Commits[1], Pattern.Bytes(2, 400))),
        new("puts rubbish behind the last commit", "HHHHHHHHHHHH", static world => Lies.Inject(Next(world.Commits[^1]), Pattern.Bytes(2, 400))),
        new("puts rubbish among the commits", "HHHHHHHHHHHH", static _ => Lies.Inject(StoreKey.Parse("users/commits/0000000000000/0000000000001"), Pattern.Bytes(2, 400))),
        new("puts rubbish among the packs", "HHHHHHHHHHHH", static world => Lies.Inject(StoreKey.Parse(world.Objects("packs")[0].Value[..^1] + (world.Objects("packs")[0].Value[^1] == '0' ? 'g' : '0')), Pattern.Bytes(3, 400))),
        new("puts rubbish among the bodies", "HHHHHHHHHHHH", static _ => Lies.Inject(StoreKey.Parse($"users/data/20200101000000/{new string('0', 26)}"), Pattern.Bytes(4, 400))),
        new("says that a block is of the next version", "HXXHHHHHHHPH", static world => Lies.Alter(world.Objects("ledger")[1], static bytes => Version(bytes, 2))),
        new("says that a commit is of version 0", "HAAHHHHHHAPH", static world => Lies.Alter(world.Commits[1], static bytes => Version(bytes, 0))),
        new("says that a pack is of version 0", "HAAHHHHHHAAH", static world => Lies.Alter(world.Objects("packs")[0], static bytes => Version(bytes, 0))),
        new("sends blocks without an end", "HXXHHHHHHHPH", static world => Lies.EndlessBody(key => key == world.Objects("ledger")[1], long.MaxValue)),
        new("sends a commit without an end", "HAAHHHFFFAPH", static world => Lies.EndlessBody(key => key == world.Commits[1], long.MaxValue)),
        new("sends a pack without an end", "HAAHHHFFFAAH", static world => Lies.EndlessBody(key => key == world.Objects("packs")[0], long.MaxValue)),
        new("sends a body without an end", "HHHHHHFFFHPH", static world => Lies.EndlessBody(key => key == world.BySize("data")[^1], long.MaxValue)),
        new("sends other bytes than it has, everywhere", "PXXHHHFFFPPH", static _ => Lies.EndlessBody(static _ => true)),
        new("shows the first block of another vault", "HXXHHHHHHHPH", static world => Lies.Inject(world.Objects("ledger")[0], world.OfOtherVault("ledger"))),
        new("shows a commit of another vault", "HAAHHHFFFAPH", static world => Lies.Inject(world.Commits[1], world.OfOtherVault("commits"))),
        new("shows a pack of another vault", "HAAHHHFFFAAH", static world => Lies.Inject(world.Objects("packs")[0], world.OfOtherVault("packs"))),
        new("shows a body of another vault", "HHHHHHFFFHPH", static world => Lies.Inject(world.BySize("data")[^1], world.OfOtherVault("data"))),
        new("shows a block of the public realm", "HXXHHHHHHHPH", static world => Lies.Copy(world.Objects("ledger", Vault.PublicRealm)[1], world.Objects("ledger")[1])),
        new("shows a commit of the public realm", "HAAHHHFFFAPH", static world => Lies.Copy(world.Objects("commits", Vault.PublicRealm)[0], world.Commits[1])),
        new("shows a pack of the public realm", "HAAHHHFFFAAH", static world => Lies.Copy(world.Objects("packs", Vault.PublicRealm)[0], world.Objects("packs")[0])),
        new("moves a commit to the public realm", "HAAHHHFFFAAH", static world => Lies.Move(world.Commits[1], StoreKey.Parse("public" + world.Commits[1].Value["users".Length..]))),
        new("moves a body to another segment", "HHHHHHFFFHAH", static world => Lies.Move(world.BySize("data")[^1], StoreKey.Parse("users/data/20200101000000/" + world.BySize("data")[^1].Value.Split('/')[^1]))),
        new("shows a commit among the bodies, in the place of one", "HHHHHHFFFHPH", static world => Lies.Copy(world.Commits[1], world.BySize("data")[0])),
        new("shows a body among the commits, in the place of one", "HAAHHHFFFAPH", static world => Lies.Copy(world.BySize("data")[0], world.Commits[1])),
        new("shows a commit in the next slot of the ledger", "HHHHHHHHHHHH", static world => Lies.Copy(world.Commits[1], Slot(world.Objects("ledger").Length + 1))),
        new("replaces the id of a member in a block", "HXXHHHHHHHPH", static world => Lies.Alter(world.Objects("ledger")[1], bytes => Replace(bytes, world.Carol.Public, world.Erin.Public))),
        new("replaces a wrapped key in the newest block", "PLXHHHHHHPPH", static world => Lies.Flip(world.Objects("ledger")[^1], -100)),
        new("changes when a commit was written", "HAAHHHHHHAPH", static world => Lies.Flip(world.Commits[1], 30)),
        new("changes when a commit ends", "HAAHHHHHHAPH", static world => Lies.Flip(world.Commits[1], 80)),
        new("makes a pack anew without one of its commits", "HAAHHHFFFAAH", Repack),
        new("lists each name twice", "HHHHHHHHHHHH", static _ => new Lists(static entries => entries.SelectMany(static entry => (IEnumerable<ObjectInfo>)[entry, entry]))),
        new("lists names backwards", "SSSSHHHHHSSS", static _ => new Lists(static entries => entries.Reverse())) { Stops = true },
        new("lists blocks without an end", "HHHHHHHHHHHH", static _ => Lies.EndlessListing("users/ledger/", static n => Slot((int)(1_000 + n)))) { Stops = true },
        new("lists commits without an end", "SSSSHHHHHSSS", static _ => Lies.EndlessListing("users/commits/", static n => StoreKey.Parse($"users/commits/vvvvvvvvvvvvv/{Encoding.Base32Hex.Format((ulong)n + 1)}"))) { Stops = true },
        new("lists writers without an end", "SSSSHHHHHSSS", static _ => Lies.EndlessListing("users/commits/", static n => StoreKey.Parse($"users/commits/v{Encoding.Base32Hex.Format((ulong)n)[1..]}/0000000000001"))) { Stops = true },
        new("lists packs without an end", "SSSHHHHHHSSS", static _ => Lies.EndlessListing("users/packs/", static n => StoreKey.Parse($"users/packs/{new PackName(new HybridTime(long.MaxValue - 1_000_000 + n), new HybridTime(long.MaxValue), Encoding.Digest.Zero)}"))) { Stops = true },
        new("lists bodies without an end", "HHHHHHHHHHSS", static _ => Lies.EndlessListing("users/data/", static n => StoreKey.Parse($"users/data/99990101000000/{Encoding.Base32Hex.Format((ulong)n)}{new string('0', 13)}"))) { Stops = true },
        new("lists other names without an end", "SSSSHHHHHSSS", static _ => Lies.EndlessListing("users/ledger/", static n => StoreKey.Parse($"users/ledger/x{n:0000000000}"))) { Stops = true },
        new("shows another change marker at each look", "HHHHHHHHHHHH", static _ => new RestlessMarker()),
        new("answers each request after ten minutes", "HHHHHHHHHHHH", static world => new Slow(world, TimeSpan.FromMinutes(10))) { Stops = true },
        new("answers each request after an hour", "SSSSSSSSSSSS", static world => new Slow(world, TimeSpan.FromHours(1))) { Stops = true },
        new("shows what a removed member signed, dated back", "RRRRHHHHHRRR", static world => world.Forgeries.BackDated()) { Liar = static world => world.Carol },
        new("shows what a removed member signed under the old key", "RRRRHHHHHRRR", static world => world.Forgeries.OfRemoved()) { Liar = static world => world.Carol },
        new("shows what a reader signed", "RRRRHHHHHRRR", static world => world.Forgeries.OfReader()) { Liar = static world => world.Dave },
        new("shows what a writer signed in an admin's name", "HHHHHHHHHHHH", static world => world.Forgeries.InAnothersName()) { Liar = static world => world.Erin },
        new("shows what a writer signed under a key that was replaced", "RRRRHHHHHRRR", static world => world.Forgeries.UnderOldKey()) { Liar = static world => world.Erin },
        new("shows the second commit that a writer signed under one number", "HCCHHHFFFCPH", static world => world.Forgeries.SecondOfOneNumber()) { Liar = static world => world.Erin, IsByWriter = true },
        new("shows a writer's word that an admin's commit is missing", "AAAHHHHHHAAH", static world => world.Forgeries.VouchesForNothing()) { Liar = static world => world.Erin, IsByWriter = true },
        new("shows what a writer dated a year ahead", "TTTTHHHHHTTT", static world => world.Forgeries.FarAhead()) { Liar = static world => world.Erin },
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

    private static byte[] Replace(byte[] bytes, PublicId one, PublicId other)
    {
        var at = bytes.AsSpan().IndexOf(one.Bytes);
        other.Bytes.CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    /// <summary>Whoever runs a store needs no key to make a pack.</summary>
    private static Lie Repack(AttackWorld world)
    {
        var key = world.Objects("packs")[0];
        var bytes = world.Now.BytesOf(key)!;
        var entries = PackCodec.Read(new VaultNames("users").ParsePack(key)!.Value, bytes, bytes.Length);
        var (name, made) = PackCodec.Write([.. entries.Where(entry => !world.Story.Began.Value.EndsWith(entry.Name.ToString(), StringComparison.Ordinal))]);
        return new Replaced(key, StoreKey.Parse("users/packs/" + name), made);
    }

    private sealed class Replaced(StoreKey old, StoreKey key, byte[] bytes) : Lie
    {
        public override IEnumerable<StoreKey> Invents => [key];

        public override bool Hides(StoreKey asked) => asked == old;

        public override byte[]? Bytes(StoreKey asked, byte[]? found) => asked == key ? bytes : found;
    }

    private sealed class Lists(Func<IAsyncEnumerable<ObjectInfo>, IAsyncEnumerable<ObjectInfo>> change) : Lie
    {
        public override IAsyncEnumerable<ObjectInfo> List(string prefix, IAsyncEnumerable<ObjectInfo> entries) => change(entries);
    }

    private sealed class RestlessMarker : Lie
    {
        private ulong _looks;

        public override byte[]? Bytes(StoreKey key, byte[]? bytes) => key.Value == "users/changed" ? Pattern.Bytes(Interlocked.Increment(ref _looks), 16) : bytes;

        public override ObjectInfo Describe(ObjectInfo info) => info.Key.Value == "users/changed" ? info with { Version = new ObjectVersion($"{Interlocked.Increment(ref _looks)}") } : info;
    }

    private sealed class Slow(AttackWorld world, TimeSpan time) : Lie
    {
        public override ValueTask AnswerAsync(StoreOperation operation, string name, CancellationToken cancellationToken)
        {
            world.Wait(time);
            return ValueTask.CompletedTask;
        }
    }
}
