using System.Globalization;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;
using Xunit;

namespace Coffer.Vaults.Tests.Commits;

/// <summary>The vectors were written by another implementation, from docs/format.md alone: Vectors/commits.py.</summary>
public class CommitVectorTests
{
    private static readonly VectorFile File = VectorFile.Read("commits");
    private static readonly Digest Vault = new(Convert.FromHexString(File.Root.GetProperty("vault").GetString()!));
    private static readonly byte[] EpochKey = Convert.FromHexString(File.Root.GetProperty("epochKey").GetString()!);

    private static readonly (string Name, PrivateId Id)[] People = [("alice", Person("alice")), ("bob", Person("bob")), ("carol", Person("carol"))];

    private static PrivateId Person(string name) => PrivateId.FromBytes(Convert.FromHexString(File.Root.GetProperty("people").GetProperty(name).GetString()!));

    /// <summary>What a reader makes of an object: its commit, or the class of failure.</summary>
    private static (Commit? Commit, string Failure) Open(byte[] bytes)
    {
        try
        {
            if (bytes.Length < CommitHeader.Size)
                return (null, "Format");
            var header = CommitHeader.Parse(bytes.AsSpan(0, CommitHeader.Size));
            if (header.TotalLength != bytes.Length)
                return (null, "Format");
            return CommitSeal.Open(header, bytes, Vault, EpochKey, Ed25519Checker.Instance, new PublicIdCache()) is { } commit ? (commit, "") : (null, "Seal");
        }
        catch (WireException)
        {
            return (null, "Format");
        }
    }

    private static string Describe(PublicId author, Vaults.Records.Record record) => record switch
    {
        SealedRecord @sealed => DescribeSealed(author, @sealed),
        PutRecord put => FormattableString.Invariant($"put {put.Space} {put.Path} {put.Body.Length}"),
        DeleteRecord delete => FormattableString.Invariant($"delete {delete.Space} {delete.Path}"),
        UnknownRecord unknown => FormattableString.Invariant($"unknown {unknown.Kind} {Convert.ToHexStringLower(unknown.Bytes.Span)}"),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>What everybody sees of a sealed record, and then what each of the people sees who may open it.</summary>
    private static string DescribeSealed(PublicId author, SealedRecord record)
    {
        var text = FormattableString.Invariant($"sealed to {People.Single(person => person.Id.Public == record.Recipient).Name} {record.Layout.Length}");
        foreach (var (name, person) in People)
        {
            var opened = RecordSeal.Open(Vault, author, record, person);
            if (person.Public == author || person.Public == record.Recipient)
                text += opened.Opened is { } file ? $", {name}: {Describe(author, file)}" : opened.Fault is not null ? $", {name}: nothing" : ", no fault";
            else
                Assert.Same(record, opened);
        }
        return text;
    }

    [Fact]
    public void There_are_vectors()
    {
        Assert.True(File.Good.Count >= 46);
        Assert.True(File.Bad.Count >= 105);
    }

    [Fact]
    public void Good_commits_say_what_the_vectors_say_and_are_written_so()
    {
        foreach (var good in File.Good)
        {
            var bytes = good.Bytes("bytes");
            var commit = Open(bytes).Commit;
            Assert.True(commit is not null, good.Text("name"));
            var signer = Person(good.Text("signer"));
            good.Equal(good.Text("hash"), commit.Hash.ToString());
            good.Equal(signer.Public, commit.Head.Author);
            good.Equal(good.Text("ends"), commit.Header.Ends.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(good.Json.GetProperty("records").EnumerateArray().Select(record => record.GetString()), commit.Head.Records.Select(record => Describe(commit.Head.Author, record)));
            good.EqualBytes(bytes, CommitSeal.Seal(commit.Header, commit.Head, bytes.AsSpan(commit.Header.TailOffset), signer, Vault, EpochKey).Bytes);
        }
    }

    [Fact]
    public void Bad_commits_are_refused()
    {
        foreach (var bad in File.Bad)
        {
            var (commit, failure) = Open(bad.Bytes("bytes"));
            Assert.True(commit is null && failure == bad.Failure, $"{bad.Text("name")}: '{failure}' and not '{bad.Failure}'");
        }
    }
}
