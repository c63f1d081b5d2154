using Coffer.Testing;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Tests.Scenarios;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>Commits that members made with software of their own, and a store that shows them.</summary>
internal sealed class AttackForgeries : IDisposable
{
    /// <summary>What a forged commit writes: nobody else did.</summary>
    public const string Path = "forged";

    private const string Text = "Nobody wrote this.";

    /// <summary>What it has.</summary>
    public static byte[] Content => System.Text.Encoding.UTF8.GetBytes(Text);

    private readonly Forger _carol;
    private readonly Forger _dave;
    private readonly Forger _erin;
    private readonly AttackWorld _world;
    private DateTimeOffset _now;

    private AttackForgeries(AttackWorld world, Forger carol, Forger dave, Forger erin) => (_world, _carol, _dave, _erin) = (world, carol, dave, erin);

    /// <summary>Gives them the keys of now.</summary>
    public static async Task<AttackForgeries> BeginAsync(Team team, AttackWorld world) => new(
        world, await Forger.BeginAsync(team, world.Carol), await Forger.BeginAsync(team, world.Dave), await Forger.BeginAsync(team, world.Erin));

    /// <summary>Gives them what has come since.</summary>
    public async Task EndAsync(DateTimeOffset now)
    {
        _now = now;
        foreach (var forger in (Forger[])[_carol, _dave, _erin])
            await forger.LookAsync();
        ErinsOwn = await _erin.NewestOfAsync(_world.Erin.Public);
    }

    /// <summary>What Erin signed and wrote like anybody.</summary>
    public CommitLink ErinsOwn { get; private set; } = null!;

    /// <summary>The height of the ledger before Carol was removed.</summary>
    private long Before => _carol.Chain.Height - 1;

    /// <summary>A removed member, as if she had written it before.</summary>
    public Lie BackDated() => Show(_carol.Seal(Path, Text, height: Before, at: _now - TimeSpan.FromDays(1)));

    /// <summary>A removed member, who says what it is.</summary>
    public Lie OfRemoved() => Show(_carol.Seal(Path, Text, epoch: _carol.Chain.StateAt(Before).Epoch, at: _now));

    /// <summary>A reader.</summary>
    public Lie OfReader() => Show(_dave.Seal(Path, Text, at: _now));

    /// <summary>A writer in somebody else's name.</summary>
    public Lie InAnothersName() => Show(_erin.Seal(Path, Text, at: _now, author: _world.Alice.Public));

    /// <summary>A writer under a key that was replaced when somebody was removed.</summary>
    public Lie UnderOldKey() => Show(_erin.Seal(Path, Text, epoch: _carol.Chain.StateAt(Before).Epoch, at: _now));

    /// <summary>A second commit of a writer under a number that it has used.</summary>
    public Lie SecondOfOneNumber() => Show(_erin.Seal(Path, Text, writer: ErinsOwn.Writer, at: _now));

    /// <summary>A writer who says that it has seen a commit of an admin that there never was.</summary>
    public Lie VouchesForNothing() => Show(_erin.Seal("by/erin", Text, at: _now, seen: [new CommitLink(_world.Alice.Public, 0xABCD, 3, Digest.Of("nothing"u8))]));

    /// <summary>A writer whose clock is a year ahead, so that its version would be the newest for as long.</summary>
    public Lie FarAhead() => Show(_erin.Seal("last", Text, at: _now + TimeSpan.FromDays(365)));

    private static Lie Show(CommitSeal.Sealed forged) => Lies.Inject(new VaultNames("users").Commit(forged.Commit.Link.Name), forged.Bytes);

    public void Dispose()
    {
        _carol.Dispose();
        _dave.Dispose();
        _erin.Dispose();
    }
}
