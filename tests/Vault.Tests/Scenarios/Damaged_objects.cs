using Coffer.Vaults.Commits;
using Coffer.Vaults.Ledger;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class Damaged_objects
{
    public static TheoryData<string, int> HeaderFields => new()
    {
        { "magic", 0 }, { "version", 9 }, { "writer", 10 }, { "number", 25 }, { "clock", 30 }, { "epoch", 41 }, { "previous", 42 }, { "ends", 81 },
        { "head length", 85 }, { "tail length", 89 }, { "salt", 90 }, { "salt's end", 121 }, { "head", CommitHeader.Size }, { "author", CommitHeader.Size + 10 },
    };

    [Theory]
    [MemberData(nameof(HeaderFields))]
    public async Task A_commit_with_one_wrong_bit_in_header_or_head_is_reported_and_gives_nothing(string field, int offset)
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Read);
        await alice.WriteTextAsync("a", $"damaged in its {field}");
        await team.Store.FlipAsync(Assert.Single(await team.Store.KeysAsync(CommitKeys)), offset);
        await NothingArrivesAsync(team, field == "epoch" ? null : FindingKind.Junk);
    }

    [Theory]
    [InlineData("truncated in its tail")]
    [InlineData("truncated in its head")]
    [InlineData("truncated in its header")]
    [InlineData("extended")]
    [InlineData("empty")]
    [InlineData("of the head's last bit")]
    public async Task A_commit_of_another_length_is_reported_and_gives_nothing(string how)
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Read);
        await alice.WriteTextAsync("a", "1");
        await team.Store.ChangeAsync(Assert.Single(await team.Store.KeysAsync(CommitKeys)), bytes =>
        {
            var head = CommitHeader.Parse(bytes.AsSpan(0, CommitHeader.Size)).TailOffset;
            switch (how)
            {
                case "truncated in its tail":
                    return bytes[..^1];
                case "truncated in its head":
                    return bytes[..(CommitHeader.Size + 50)];
                case "truncated in its header":
                    return bytes[..50];
                case "extended":
                    return [.. bytes, 0];
                case "empty":
                    return [];
                default:
                    bytes[head - 1] ^= 1;
                    return bytes;
            }
        });
        await NothingArrivesAsync(team, FindingKind.Junk);
    }

    [Fact]
    public async Task A_commit_under_another_name_counts_once_and_only_under_its_own()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Read);
        await alice.WriteTextAsync("a", "1");
        var key = Assert.Single(await team.Store.KeysAsync(CommitKeys));
        var bytes = await team.Store.GetAsync(key);
        await team.Store.SetAsync(key[..^1] + "2", bytes);
        await team.Store.SetAsync($"{CommitKeys}0000000000077/0000000000001", bytes);
        var bob = await team.OpenAsync(team.Bob);
        Assert.Single(await bob.GetVersionsAsync("a"));
        Assert.Equal(2, bob.Findings(FindingKind.Junk).Count());
        await team.Store.RemoveAsync(key);
        await NothingArrivesAsync(team, FindingKind.Junk);
    }

    [Fact]
    public async Task A_wrong_bit_in_a_tail_is_found_when_its_content_is_read()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Read);
        await alice.WriteTextAsync("a", "1");
        await team.Store.FlipAsync(Assert.Single(await team.Store.KeysAsync(CommitKeys)), -5);
        var bob = await team.OpenAsync(team.Bob);
        Assert.Equal(["a"], await bob.AllAsync());
        await Assert.ThrowsAsync<BodyDamagedException>(() => bob.ReadBytesAsync("a"));
        await team.Store.RemoveAsync(Assert.Single(await team.Store.KeysAsync(CommitKeys)));
        await Assert.ThrowsAsync<BodyMissingException>(() => bob.ReadBytesAsync("a"));
    }

    [Theory]
    [InlineData("leaf", 5)]
    [InlineData("first chunk", (5 * 32) + 1)]
    [InlineData("third chunk", (5 * 32) + (2 * 65_552) + 9)]
    [InlineData("last tag", -1)]
    public async Task A_damaged_body_gives_what_stands_before_the_damage_and_then_says_so(string where, int offset)
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var content = new byte[300_000];
        new Random(3).NextBytes(content);
        await alice.WriteAsync("a", FileContent.FromBytes(content));
        await team.Store.FlipAsync(Assert.Single(await team.Store.KeysAsync(DataKeys)), offset);
        var given = await ReadUntilDamageAsync(alice, "a");
        Assert.Equal(content.AsSpan(0, given.Length).ToArray(), given);
        Assert.Equal(where switch { "third chunk" => 131_072, "last tag" => 262_144, _ => 0 }, given.Length);
    }

    [Fact]
    public async Task A_body_that_is_cut_short_or_gone_has_its_own_error_and_nothing_else_suffers()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteAsync("short", Bytes(200_000));
        var key = Assert.Single(await team.Store.KeysAsync(DataKeys));
        await alice.WriteAsync("whole", Bytes(10_000));
        await team.Store.ChangeAsync(key, static bytes => bytes[..^1]);
        await Assert.ThrowsAsync<BodyDamagedException>(() => alice.ReadBytesAsync("short"));
        await team.Store.ChangeAsync(key, static bytes => bytes[..100]);
        await Assert.ThrowsAsync<BodyDamagedException>(() => alice.ReadBytesAsync("short"));
        await team.Store.RemoveAsync(key);
        Assert.Equal(key, (await Assert.ThrowsAsync<BodyMissingException>(() => alice.ReadBytesAsync("short"))).Object);
        Assert.Equal(10_000, (await alice.ReadBytesAsync("whole")).Length);

        var target = Path.Combine(team.Folder, "target");
        await Assert.ThrowsAsync<BodyMissingException>(() => alice.ReadToFileAsync("short", target));
        Assert.False(File.Exists(target));
        Assert.Empty(Directory.GetFiles(team.Folder, "*.part"));
    }

    [Fact]
    public async Task A_damaged_first_block_is_no_vault()
    {
        await using var team = new Team();
        await team.CreateAsync();
        await team.Store.FlipAsync(Slot(1), 200);
        await Assert.ThrowsAsync<VaultException>(() => team.OpenAsync(team.Alice));
    }

    [Fact]
    public async Task A_damaged_block_does_not_count_and_who_held_it_has_proof_of_the_change()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
        await team.Store.FlipAsync(Slot(2), 230);
        await Assert.ThrowsAsync<AccessDeniedException>(() => team.OpenAsync(team.Bob));
        await bob.SyncAsync();
        var proof = Assert.Single(bob.Findings(FindingKind.Proof));
        Assert.True(proof.NamesStore);
        await alice.SyncAsync();
        await Assert.ThrowsAsync<VaultIntegrityException>(() => alice.SetAccessAsync(team.Carol.Public, AccessLevel.Read));
        Assert.True(alice.AcceptFinding(Assert.Single(alice.GetFindings()).Number));
    }

    private static async Task<byte[]> ReadUntilDamageAsync(Vault vault, string path)
    {
        using var given = new MemoryStream();
        await using var reader = await vault.OpenReadAsync(path);
        await Assert.ThrowsAsync<BodyDamagedException>(async () =>
        {
            var buffer = new byte[1000];
            while (await reader.Content.ReadAsync(buffer) is > 0 and var count)
                given.Write(buffer, 0, count);
        });
        return given.ToArray();
    }

    private static async Task NothingArrivesAsync(Team team, FindingKind? kind)
    {
        var bob = await team.OpenAsync(team.Bob);
        Assert.Empty(await bob.AllAsync());
        await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => bob.ReadBytesAsync("a"));
        if (kind is { } expected)
            Assert.Contains(bob.GetFindings(), reported => reported.Finding.Kind == expected);
    }

    private static string Slot(long slot) => LedgerNames.Name("users", slot);
}
