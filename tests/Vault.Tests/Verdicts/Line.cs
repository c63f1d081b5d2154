using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Ledger;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Tests.Verdicts;

/// <summary>One writer's commits, opened but never sealed: their hashes are made up.</summary>
internal sealed class Line(ScriptedLedger ledger, PrivateId author, ulong writer = 7)
{
    /// <summary>Local time in all tests, in milliseconds since 1970.</summary>
    public const long Now = 1_767_225_600_000;

    private ulong _made;

    public PublicId Author => author.Public;

    public ulong Writer => writer;

    public List<Commit> Commits { get; } = [];

    /// <summary>The next commit of the line, or another one, as told.</summary>
    /// <param name="before">The commit before it; null for the last one that was made.</param>
    /// <param name="first">Whether it has none before it.</param>
    /// <param name="number">Its number, when it is not the next one.</param>
    /// <param name="height">The ledger height that it states; null for the newest.</param>
    /// <param name="ledgerHash">The hash that it states for that.</param>
    /// <param name="epoch">Its epoch; null for the one at its height.</param>
    /// <param name="clock">Its clock; null for one more than the one before it.</param>
    /// <param name="records">What it holds; null for a put.</param>
    /// <param name="seen">Its seen-list.</param>
    public Commit Add(
        Commit? before = null,
        bool first = false,
        long? number = null,
        long? height = null,
        Digest? ledgerHash = null,
        long? epoch = null,
        long? clock = null,
        IReadOnlyList<Record>? records = null,
        params CommitLink[] seen)
    {
        var previous = first ? null : before ?? Commits.LastOrDefault();
        var at = height ?? ledger.Height;
        var commit = new Commit(
            new CommitHeader
            {
                Writer = writer,
                Number = number ?? (previous?.Header.Number ?? 0) + 1,
                Clock = new HybridTime(clock ?? (previous?.Header.Clock.Value ?? (Now - 3_600_000) << 16) + 1),
                Epoch = epoch ?? (at >= 1 && at <= ledger.Height ? ledger.Chain.EpochAt(at) : ledger.Epoch),
                Previous = previous?.Hash ?? Digest.Zero,
                Ends = 0,
                HeadLength = 0,
                TailLength = 0,
                Salt = new byte[32],
            },
            new CommitHead
            {
                Author = author.Public,
                LedgerHeight = at,
                LedgerHash = ledgerHash ?? ScriptedLedger.HashOf(at),
                Seen = seen,
                Objects = [],
                Records = records ?? [Put($"file {writer} {_made}")],
            },
            new LengthPrefixed("commit").Add(author.Public.Bytes).Add(writer).Add(_made++).Hash());
        Commits.Add(commit);
        return commit;
    }

    public Line Add(int count)
    {
        for (; count > 0; count--)
            Add();
        return this;
    }

    public PutRecord Put(string path, UInt128? id = null, long space = Spaces.Files) => new()
    {
        Space = space,
        Path = path,
        Id = id ?? ((UInt128)writer << 64) + _made,
        RecordEnd = 0,
        Modified = 1,
        Attributes = Array.Empty<byte>(),
        ContentEnd = 0,
        Body = Vaults.Bodies.BodyDescriptor.Empty,
    };

    /// <summary>An attribute of the author's own.</summary>
    public PutRecord OwnAttribute() => Put($"{author.Public}/name", space: Spaces.Members);

    public static CutOffEntry CutOff(Commit last) => new(last.Header.Writer, last.Header.Number, last.Hash);

    /// <summary>The verdicts on commits, when these alone are known, and the ledger up to a height.</summary>
    public Verdict[] Judge(IReadOnlyList<Commit> wanted, IEnumerable<Commit>? known = null, long? height = null, long now = Now)
    {
        var line = (known ?? Commits).Select(LineCommit.Of).OrderBy(commit => commit.Number).ThenBy(commit => commit.Hash).ToList();
        var verdicts = new LineJudge(ledger.UpTo(height ?? ledger.Height), Author, writer, line, now).Judge();
        return [.. wanted.Select(commit => verdicts[line.FindIndex(one => one.Hash == commit.Hash)])];
    }

    public Verdict Judge(Commit wanted, IEnumerable<Commit>? known = null, long? height = null, long now = Now) => Judge([wanted], known, height, now)[0];
}
