using Coffer.Vaults.Bodies;
using Coffer.Vaults.Records;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Senders with software of their own making: what does not open, or contradicts itself, is told with its author and shown to nobody, and the commit counts for all.</summary>
public sealed class Seals_that_lie
{
    private static readonly PutRecord Empty = new()
    {
        Space = Spaces.Files,
        Path = "a",
        Id = 5,
        Modified = 0,
        Attributes = default,
        ContentEnd = 0,
        RecordEnd = 0,
        Body = BodyDescriptor.Empty,
    };

    private static SealedParts Parts(Forger forger, PrivateId author, PublicId recipient, FileRecord file) =>
        RecordSeal.Seal(forger.Chain.Tip.VaultId, author.Public, recipient, file, SystemRandom.Instance);

    /// <summary>Puts a record of Bob's to Carol, and gives what became of it on her devices and on Alice's.</summary>
    private static async Task IsToldAndNotShownAsync(string why, Func<Team, Forger, (SealedRecord Record, byte[] Tail)> make, bool openFor = false)
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        using var bob = await Forger.BeginAsync(team, team.Bob);
        var (record, tail) = make(team, bob);
        var link = await bob.PutAsync(bob.Seal(record, tail));
        await bob.PutAsync(bob.Seal("next", "1", after: link));
        foreach (var vault in (Vault[])[alice, carol, await team.OpenAsync(team.Carol)])
        {
            Assert.Equal(["next"], await vault.AllAsync());
            Assert.Equal(2, (await vault.GetStatusAsync()).Commits);
            Assert.Equal(0, (await vault.GetStatusAsync()).Refused);
            await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => vault.ReadBytesAsync("a", new ReadFileOptions { Seal = new FileSeal(team.Bob.Public, team.Carol.Public) }));
        }
        Assert.Empty(alice.GetFindings());
        await carol.RebuildIndexAsync();
        var finding = Assert.Single(carol.GetFindings()).Finding;
        Assert.Equal((FindingKind.Claim, team.Bob.Public, false), (finding.Kind, finding.Member, finding.NamesStore));
        Assert.Contains(why, finding.Message, StringComparison.Ordinal);
        // Its author's own devices say so too, unless the fault is in what only the recipient opens.
        var his = await team.OpenAsync(team.Bob);
        Assert.Equal(openFor ? ["a", "next"] : ["next"], await his.AllAsync());
        Assert.Equal(openFor ? 0 : 1, his.GetFindings().Count);
    }

    [Fact]
    public Task The_wraps_of_another_record() => IsToldAndNotShownAsync("key in it does not open", (team, forger) =>
    {
        var other = Parts(forger, team.Bob, team.Carol.Public, Empty with { Id = 6 });
        var parts = Parts(forger, team.Bob, team.Carol.Public, Empty);
        return (SealedRecord.Of(Empty, team.Carol.Public, parts with { RecipientWrap = other.RecipientWrap, AuthorWrap = other.AuthorWrap }), []);
    });

    [Fact]
    public Task A_wrap_that_only_the_recipient_cannot_open() => IsToldAndNotShownAsync("key in it does not open", (team, forger) =>
        (SealedRecord.Of(Empty, team.Carol.Public, Parts(forger, team.Bob, team.Carol.Public, Empty) with { RecipientWrap = new byte[81] }), []), openFor: true);

    [Fact]
    public Task The_text_of_another_record() => IsToldAndNotShownAsync("text does not open", (team, forger) =>
        (SealedRecord.Of(Empty, team.Carol.Public, Parts(forger, team.Bob, team.Carol.Public, Empty) with { Text = Parts(forger, team.Bob, team.Carol.Public, Empty).Text }), []));

    [Fact]
    public Task What_was_sealed_to_somebody_else() => IsToldAndNotShownAsync("key in it does not open", (team, forger) =>
        (SealedRecord.Of(Empty, team.Carol.Public, Parts(forger, team.Bob, team.Alice.Public, Empty)), []));

    [Fact]
    public Task What_somebody_else_sealed() => IsToldAndNotShownAsync("key in it does not open", (team, forger) =>
        (SealedRecord.Of(Empty, team.Carol.Public, Parts(forger, team.Alice, team.Carol.Public, Empty)), []));

    [Fact]
    public Task A_length_that_its_pieces_have_not() => IsToldAndNotShownAsync("states a length of 0 bytes, and its pieces have 3", (team, forger) =>
    {
        var body = new SmallBody("abc"u8, SystemRandom.Instance);
        return (SealedRecord.Of(Empty with { Body = body.In(null, 0) }, team.Carol.Public, Parts(forger, team.Bob, team.Carol.Public, Empty)), body.Bytes);
    });

    [Fact]
    public Task A_delete_with_a_body() => IsToldAndNotShownAsync("is a delete, and has a body", (team, forger) =>
    {
        var body = new SmallBody("abc"u8, SystemRandom.Instance);
        var delete = new DeleteRecord { Space = Spaces.Files, Path = "a", Id = 5, RecordEnd = 0 };
        return (SealedRecord.Of(Empty with { Body = body.In(null, 0) }, team.Carol.Public, Parts(forger, team.Bob, team.Carol.Public, delete)), body.Bytes);
    });

    [Fact]
    public Task An_attribute_of_a_member() => IsToldAndNotShownAsync("never sealed", (team, forger) =>
        (SealedRecord.Of(Empty, team.Carol.Public, Parts(forger, team.Bob, team.Carol.Public, Empty with { Space = Spaces.Members, Path = $"{team.Bob.Public}/name" })), []));

    [Fact]
    public async Task A_reader_who_seals_something_is_refused_by_all()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Read);
        using var bob = await Forger.BeginAsync(team, team.Bob);
        await bob.PutAsync(bob.Seal(SealedRecord.Of(Empty, team.Carol.Public, Parts(bob, team.Bob, team.Carol.Public, Empty)), []));
        foreach (var vault in (Vault[])[alice, carol])
        {
            Assert.Empty(await vault.AllAsync());
            Assert.Equal(1, (await vault.GetStatusAsync()).Refused);
            Assert.Equal(team.Bob.Public, Assert.Single(vault.Findings(FindingKind.Refused)).Member);
        }
    }

    [Fact]
    public async Task One_record_id_counts_once_for_all_whoever_can_read_it()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        using var bob = await Forger.BeginAsync(team, team.Bob);
        var link = await bob.PutAsync(bob.Seal(SealedRecord.Of(Empty, team.Carol.Public, Parts(bob, team.Bob, team.Carol.Public, Empty)), []));
        await bob.PutAsync(bob.Seal("plain, with the same id", "1", after: link, record: Empty.Id));
        Assert.Equal(["a"], await carol.AllAsync());
        Assert.Empty(await alice.AllAsync());
        Assert.Empty(await (await team.OpenAsync(team.Alice)).AllAsync());
    }
}
