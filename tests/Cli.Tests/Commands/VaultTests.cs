using System.Globalization;
using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

public sealed class VaultTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_created_vault_is_known_by_its_name_and_shows_its_settings()
    {
        await _place.IdentityAsync("alice");
        var made = (await _place.RunAsync(
            "alice", "create", "team", "./store", "--as", "alice", "--realm", "plans", "--retention", "30d", "--max-size", "10GiB", "--segment", "1h", "--json")).Succeeded().Json;
        Assert.Equal("team", made.GetProperty("name").GetString());
        Assert.Equal(64, made.GetProperty("vaultId").GetString()!.Length);
        Assert.Equal("file://" + _place.Store, made.GetProperty("url").GetString());
        Assert.True(Directory.Exists(Path.Combine(_place.Store, "plans", "ledger")));

        var vault = Assert.Single((await _place.RunAsync("alice", "vaults", "--json")).Succeeded().Json.EnumerateArray());
        Assert.Equal(("team", "alice", "plans"), (vault.GetProperty("name").GetString(), vault.GetProperty("identity").GetString(), vault.GetProperty("realm").GetString()));
        Assert.Contains("team", (await _place.RunAsync("alice", "vaults")).Succeeded().Output);

        var status = (await _place.RunAsync("alice", "status", "team", "--json")).Succeeded().Json;
        Assert.Equal(30 * 86_400, status.GetProperty("retentionSeconds").GetDouble());
        Assert.Equal(10L << 30, status.GetProperty("maxSize").GetInt64());
        Assert.Equal("rwa", status.GetProperty("access").GetString());
        Assert.Equal(0, status.GetProperty("findings").GetArrayLength());
        Assert.Contains("of 10.0 GiB", (await _place.RunAsync("alice", "status", "team")).Succeeded().Output);
    }

    [Fact]
    public async Task The_status_tells_sizes_counts_segments_packs_the_last_sync_and_the_requests_of_the_command()
    {
        await _place.CreateAsync("alice");
        _place.Write("small", "x");
        await File.WriteAllBytesAsync(_place.Local("large"), new byte[100_000]);
        (await _place.RunAsync("alice", "put", "small", "team:small")).Succeeded();
        (await _place.RunAsync("alice", "put", "large", "team:large")).Succeeded();
        (await _place.RunAsync("alice", "put", "small", "team:large")).Succeeded();

        var before = DateTimeOffset.UtcNow;
        var status = (await _place.RunAsync("alice", "status", "team", "--json")).Succeeded().Json;

        Assert.Equal((2, 3), (status.GetProperty("files").GetInt64(), status.GetProperty("versions").GetInt64()));
        Assert.Equal((3, 3), (status.GetProperty("commits").GetInt64(), status.GetProperty("looseCommits").GetInt64()));
        Assert.Equal((1, 1, 0), (status.GetProperty("objects").GetInt64(), status.GetProperty("segments").GetInt64(), status.GetProperty("packs").GetInt64()));
        Assert.InRange(status.GetProperty("allocatedBytes").GetInt64(), 100_000, 110_000);
        Assert.InRange(status.GetProperty("lastSync").GetDateTimeOffset(), before.AddSeconds(-1), DateTimeOffset.UtcNow);
        var requests = status.GetProperty("requests");
        Assert.Equal(0, requests.GetProperty("put").GetInt64() + requests.GetProperty("delete").GetInt64());
        Assert.InRange(requests.GetProperty("list").GetInt64(), 1, 4);

        var text = (await _place.RunAsync("alice", "status", "team")).Succeeded().Output;
        Assert.Contains("2, 2 B, in 3 versions", text);
        Assert.Contains("1, in 1 segment\n", text);
        Assert.Contains("last sync", text);
        Assert.Contains(" 0 put,", text);
    }

    [Fact]
    public async Task A_name_is_given_once_and_a_realm_too()
    {
        await _place.CreateAsync("alice");
        Assert.Contains("already", (await _place.RunAsync("alice", "create", "team", "./other", "--as", "alice")).Failed().Error);
        Assert.False(Directory.Exists(_place.Local("other")));
        (await _place.RunAsync("alice", "create", "again", _place.Store, "--as", "alice")).Failed();
        (await _place.RunAsync("alice", "create", "again", _place.Store, "--as", "alice", "--realm", "second")).Succeeded();
    }

    [Fact]
    public async Task A_creation_that_failed_leaves_nothing_of_the_name()
    {
        await _place.CreateAsync("alice");
        await _place.IdentityAsync("bob");
        (await _place.RunAsync("bob", "create", "team", _place.Store, "--as", "bob")).Failed();
        (await _place.RunAsync("bob", "create", "team", _place.Store, "--as", "nobody")).Failed();
        (await _place.RunAsync("bob", "create", "team", "./x", "--as", "bob", "--segment", "1s")).Failed(2);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_place.HomeOf("bob"), "vaults")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_place.HomeOf("bob"), "index")));
        (await _place.RunAsync("bob", "create", "team", "./bobs", "--as", "bob")).Succeeded();
    }

    [Fact]
    public async Task The_files_of_another_vault_stay_when_a_creation_fails()
    {
        await _place.IdentityAsync("alice");
        (await _place.RunAsync("alice", "create", "team.db", _place.Store, "--as", "alice")).Succeeded();
        (await _place.RunAsync("alice", "create", "team.index-1.db", "./second", "--as", "alice")).Succeeded();
        (await _place.RunAsync("alice", "create", "team", _place.Store, "--as", "alice")).Failed();
        (await _place.RunAsync("alice", "rebuild", "team.db")).Succeeded();
        (await _place.RunAsync("alice", "rebuild", "team.index-1.db")).Succeeded();
    }

    [Fact]
    public async Task A_member_is_granted_invited_joins_and_is_revoked()
    {
        await _place.CreateAsync("alice");
        var bob = await _place.JoinAsync("alice", "bob", "rw");
        var members = (await _place.RunAsync("bob", "members", "team", "--json")).Succeeded().Json.EnumerateArray().ToList();
        Assert.Equal(2, members.Count);
        var me = Assert.Single(members, member => member.GetProperty("isMe").GetBoolean());
        Assert.Equal((bob, "rw", "bob"), (me.GetProperty("publicId").GetString(), me.GetProperty("access").GetString(), me.GetProperty("name").GetString()));
        Assert.Contains("(you)", (await _place.RunAsync("bob", "members", "team")).Succeeded().Output);

        Assert.Equal("r", (await _place.RunAsync("alice", "grant", "team", bob, "r", "--json")).Succeeded().Json.GetProperty("access").GetString());
        Assert.Equal("none", (await _place.RunAsync("alice", "revoke", "team", bob, "--json")).Succeeded().Json.GetProperty("access").GetString());
        Assert.Single((await _place.RunAsync("alice", "members", "team", "--json")).Succeeded().Json.EnumerateArray());
    }

    [Fact]
    public async Task An_invitation_stands_alone_on_the_last_line_and_says_the_same_as_JSON()
    {
        await _place.CreateAsync("alice");
        var line = (await _place.RunAsync("alice", "invite", "team")).Succeeded().Lines[^1];
        var invitation = Coffer.Vaults.Invitation.Parse(line);
        Assert.Equal(line, invitation.ToString());
        var json = (await _place.RunAsync("alice", "invite", "team", "--json")).Succeeded().Json;
        Assert.Equal(invitation.VaultId, json.GetProperty("vaultId").GetString());
        // Whether a put waits for the disk is this machine's business.
        Assert.Equal("file://" + _place.Store, json.GetProperty("url").GetString());
    }

    [Fact]
    public async Task One_can_join_by_the_creators_id_and_is_told_what_that_means()
    {
        await _place.CreateAsync("alice");
        var alice = (await _place.RunAsync("alice", "id", "show", "alice", "--json")).Json.GetProperty("publicId").GetString()!;
        var bob = await _place.IdentityAsync("bob");
        (await _place.RunAsync("alice", "grant", "team", bob, "r")).Succeeded();
        (await _place.RunAsync("bob", "join", "team", _place.Store, "--as", "bob")).Failed(2);
        var run = (await _place.RunAsync("bob", "join", "team", _place.Store, "--creator", alice, "--as", "bob")).Succeeded();
        Assert.Contains("trusted", run.Error);
        (await _place.RunAsync("bob", "join", "team", _place.Store, "--creator", alice, "--as", "bob")).Failed();
    }

    [Fact]
    public async Task Who_reaches_the_store_by_another_way_joins_by_an_own_URL()
    {
        await _place.CreateAsync("alice");
        var bob = await _place.IdentityAsync("bob");
        (await _place.RunAsync("alice", "grant", "team", bob, "r")).Succeeded();
        var invitation = (await _place.RunAsync("alice", "invite", "team")).Succeeded().Lines[^1];
        Directory.Move(_place.Store, _place.Local("mounted"));
        (await _place.RunAsync("bob", "join", "team", invitation, "--as", "bob")).Failed();
        (await _place.RunAsync("bob", "join", "team", invitation, "--as", "bob", "--url", "mounted")).Failed(2);
        var joined = (await _place.RunAsync("bob", "join", "team", invitation, "--as", "bob", "--url", "./mounted", "--json")).Succeeded().Json;
        Assert.Equal("file://" + _place.Local("mounted"), joined.GetProperty("url").GetString());
        (await _place.RunAsync("bob", "ls", "team:")).Succeeded();
        (await _place.RunAsync("bob", "join", "again", "./mounted", "--creator", bob, "--as", "bob", "--url", "./mounted")).Failed(2);
    }

    [Fact]
    public async Task Who_was_not_granted_access_cannot_join_and_keeps_nothing()
    {
        await _place.CreateAsync("alice");
        await _place.IdentityAsync("eve");
        var invitation = (await _place.RunAsync("alice", "invite", "team")).Lines[^1];
        (await _place.RunAsync("eve", "join", "team", invitation, "--as", "eve")).Failed();
        (await _place.RunAsync("eve", "join", "team", invitation[..^3], "--as", "eve")).Failed(2);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_place.HomeOf("eve"), "vaults")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_place.HomeOf("eve"), "index")));
    }

    [Fact]
    public async Task A_public_vault_is_read_without_an_identity_and_says_that_it_is_public()
    {
        var alice = await _place.IdentityAsync("alice");
        Assert.Contains("anybody", (await _place.RunAsync("alice", "create", "site", _place.StoreUrl, "--as", "alice", "--realm", "public")).Succeeded().Output);
        (await _place.RunAsync("alice", "put", _place.Write("a.txt", "hello"), "site:")).Succeeded();
        var invitation = (await _place.RunAsync("alice", "invite", "site")).Succeeded().Lines[^1];
        (await _place.RunAsync("reader", "join", "site", _place.StoreUrl, "--creator", alice)).Failed(2);
        (await _place.RunAsync("reader", "join", "site", _place.StoreUrl, "--creator", alice, "--realm", "public")).Succeeded();
        (await _place.RunAsync("reader", "join", "invited", invitation)).Succeeded();

        foreach (var name in (string[])["site", "invited"])
        {
            Assert.Equal("hello", (await _place.RunAsync("reader", "cat", name + ":a.txt")).Succeeded().Output);
            Assert.Contains("a.txt", (await _place.RunAsync("reader", "ls", "-l", name + ":")).Succeeded().Output);
            foreach (var command in (string[])["sync", "versions", "stat"])
                (await _place.RunAsync("reader", command, command == "sync" ? name : name + ":a.txt")).Succeeded();
            (await _place.RunAsync("reader", "get", name + ":", _place.Local("out of " + name))).Succeeded();
            (await _place.RunAsync("reader", "rebuild", name)).Succeeded();
        }
        Assert.Contains("public", (await _place.RunAsync("reader", "vaults")).Succeeded().Output);
        Assert.Contains("the vault is public", (await _place.RunAsync("reader", "status", "site")).Succeeded().Output);
        Assert.Contains("the vault is public", (await _place.RunAsync("alice", "status", "site")).Succeeded().Output);
        Assert.Contains("created a public vault", (await _place.RunAsync("reader", "ledger", "site")).Succeeded().Output);
        Assert.Contains("is public", (await _place.RunAsync("reader", "members", "site")).Succeeded().Error);
        var status = (await _place.RunAsync("reader", "status", "site", "--json")).Succeeded().Json;
        Assert.Equal(("public", null, null), (status.GetProperty("realm").GetString(), status.GetProperty("identity").GetString(), status.GetProperty("publicId").GetString()));

        foreach (var arguments in (string[][])[["put", _place.Local("a.txt"), "site:b"], ["rm", "site:a.txt"], ["grant", "site", alice, "r"]])
            Assert.Contains("without an identity", (await _place.RunAsync("reader", arguments)).Failed().Error);
    }

    [Fact]
    public async Task Who_reads_a_public_vault_goes_on_under_its_name_with_an_identity()
    {
        var alice = await _place.IdentityAsync("alice");
        (await _place.RunAsync("alice", "create", "site", _place.StoreUrl, "--as", "alice", "--realm", "public")).Succeeded();
        (await _place.RunAsync("bob", "join", "site", _place.StoreUrl, "--creator", alice, "--realm", "public")).Succeeded();
        (await _place.RunAsync("bob", "join", "site", _place.StoreUrl, "--creator", alice, "--realm", "public")).Failed();
        var bob = await _place.IdentityAsync("bob");
        (await _place.RunAsync("bob", "create", "site", _place.StoreUrl, "--as", "bob", "--realm", "other")).Failed();
        (await _place.RunAsync("bob", "join", "site", _place.StoreUrl, "--creator", bob, "--realm", "public", "--as", "bob")).Failed();
        (await _place.RunAsync("bob", "ls", "site:")).Succeeded();

        (await _place.RunAsync("alice", "grant", "site", bob, "rw")).Succeeded();
        var invitation = (await _place.RunAsync("alice", "invite", "site")).Succeeded().Lines[^1];
        (await _place.RunAsync("bob", "join", "site", invitation, "--as", "bob")).Succeeded();
        (await _place.RunAsync("bob", "put", _place.Write("b.txt", "his"), "site:")).Succeeded();
        Assert.Equal("his", (await _place.RunAsync("alice", "cat", "site:b.txt")).Succeeded().Output);
        (await _place.RunAsync("bob", "join", "site", invitation, "--as", "bob")).Failed();
    }

    [Fact]
    public async Task An_encrypted_vault_is_not_joined_without_an_identity()
    {
        await _place.CreateAsync("alice");
        var invitation = (await _place.RunAsync("alice", "invite", "team")).Succeeded().Lines[^1];
        Assert.Contains("--as", (await _place.RunAsync("bob", "join", "team", invitation)).Failed(2).Error);
    }

    [Fact]
    public async Task The_wrong_creator_is_refused()
    {
        await _place.CreateAsync("alice");
        var eve = await _place.IdentityAsync("eve");
        (await _place.RunAsync("alice", "grant", "team", eve, "r")).Succeeded();
        (await _place.RunAsync("eve", "join", "team", _place.Store, "--creator", eve, "--as", "eve")).Failed();
    }

    [Fact]
    public async Task The_ledger_tells_who_did_what()
    {
        await _place.CreateAsync("alice");
        var bob = await _place.JoinAsync("alice", "bob", "rw");
        (await _place.RunAsync("alice", "revoke", "team", bob)).Succeeded();
        var blocks = (await _place.RunAsync("alice", "ledger", "team", "--json")).Succeeded().Json.EnumerateArray().ToList();
        Assert.Equal([1, 2, 3], blocks.Select(block => block.GetProperty("height").GetInt64()));
        Assert.All(blocks, block => Assert.Equal("alice", block.GetProperty("authorName").GetString()));
        var fingerprint = Coffer.Vaults.PublicId.Parse(bob).Fingerprint;
        Assert.Contains(blocks[2].GetProperty("changes").EnumerateArray(), change => change.GetString()!.Contains(fingerprint, StringComparison.Ordinal));
        var text = (await _place.RunAsync("alice", "ledger", "team")).Succeeded().Output;
        Assert.Equal(3, text.Split('\n').Count(line => line.StartsWith("block ", StringComparison.Ordinal)));
        Assert.Contains(fingerprint, text);
    }

    [Fact]
    public async Task A_sync_brings_what_others_did_and_says_how_much()
    {
        await _place.CreateAsync("alice");
        await _place.JoinAsync("alice", "bob", "rw");
        _place.Write("a.txt", "a");
        (await _place.RunAsync("alice", "put", "a.txt", "team:")).Succeeded();
        var report = (await _place.RunAsync("bob", "sync", "team", "--json")).Succeeded().Json;
        Assert.Equal((1, 0), (report.GetProperty("commits").GetInt32(), report.GetProperty("findings").GetInt32()));
        Assert.Equal(0, (await _place.RunAsync("bob", "sync", "team", "--json")).Succeeded().Json.GetProperty("commits").GetInt32());
        Assert.StartsWith("new: 0", (await _place.RunAsync("bob", "sync", "team")).Succeeded().Output);
    }

    [Fact]
    public async Task A_rebuild_finds_everything_again()
    {
        await _place.CreateAsync("alice");
        for (var i = 0; i < 3; i++)
        {
            _place.Write("a.txt", i.ToString(CultureInfo.InvariantCulture));
            (await _place.RunAsync("alice", "put", "a.txt", "team:")).Succeeded();
        }
        var status = (await _place.RunAsync("alice", "rebuild", "team", "--json")).Succeeded().Json;
        Assert.Equal((1, 3), (status.GetProperty("files").GetInt64(), status.GetProperty("versions").GetInt64()));
        Assert.Equal("0", (await _place.RunAsync("alice", "cat", "team:a.txt", "--version", "1")).Succeeded().Output);
    }

    [Fact]
    public async Task A_reader_cannot_write_and_a_writer_cannot_grant()
    {
        await _place.CreateAsync("alice");
        await _place.JoinAsync("alice", "reader", "r");
        var writer = await _place.JoinAsync("alice", "writer", "rw");
        _place.Write("a.txt", "a");
        (await _place.RunAsync("reader", "put", "a.txt", "team:")).Failed();
        (await _place.RunAsync("writer", "put", "a.txt", "team:")).Succeeded();
        (await _place.RunAsync("reader", "rm", "team:a.txt")).Failed();
        (await _place.RunAsync("writer", "grant", "team", writer, "rwa")).Failed();
        Assert.Equal("a", (await _place.RunAsync("reader", "cat", "team:a.txt")).Succeeded().Output);
    }

    [Fact]
    public async Task Who_is_no_member_is_not_revoked_in_silence()
    {
        await _place.CreateAsync("alice");
        var stranger = await _place.IdentityAsync("stranger");

        Assert.Contains("no member", (await _place.RunAsync("alice", "revoke", "team", stranger)).Failed().Error);
    }

    [Fact]
    public async Task A_store_that_is_not_mounted_is_not_made_anew()
    {
        await _place.CreateAsync("alice");
        await File.WriteAllTextAsync(_place.Local("note.txt"), "text");
        (await _place.RunAsync("alice", "put", "note.txt", "team:a")).Succeeded();
        Directory.Move(_place.Store, _place.Store + "-away");

        Assert.Contains("mounted", (await _place.RunAsync("alice", "put", "note.txt", "team:b")).Failed().Error);
        Assert.Contains("mounted", (await _place.RunAsync("alice", "ls", "team:")).Failed().Error);
        Assert.False(Directory.Exists(_place.Store));

        Directory.Move(_place.Store + "-away", _place.Store);
        (await _place.RunAsync("alice", "put", "note.txt", "team:b")).Succeeded();
        Assert.Equal("text", (await _place.RunAsync("alice", "cat", "team:b")).Succeeded().Output);
    }

    [Fact]
    public async Task The_last_admin_cannot_be_revoked()
    {
        await _place.CreateAsync("alice");
        var alice = (await _place.RunAsync("alice", "id", "show", "alice", "--json")).Json.GetProperty("publicId").GetString()!;
        (await _place.RunAsync("alice", "revoke", "team", alice)).Failed();
        (await _place.RunAsync("alice", "grant", "team", alice, "rx")).Failed(2);
        (await _place.RunAsync("alice", "grant", "team", alice[..^2], "r")).Failed(2);
    }
}
