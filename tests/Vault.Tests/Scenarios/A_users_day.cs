using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class A_users_day
{
    [Fact]
    public async Task Two_people_share_files_through_a_store()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);

        await alice.WriteTextAsync("notes/today.txt", "first");
        Assert.Equal("first", await bob.ReadTextAsync("notes/today.txt"));
        await bob.WriteTextAsync("notes/today.txt", "second");
        Assert.Equal("second", await alice.ReadTextAsync("notes/today.txt"));

        var versions = await alice.GetVersionsAsync("notes/today.txt");
        Assert.Equal([alice.Me, bob.Me], versions.Select(static version => version.Author));
        Assert.Equal("first", await alice.ReadTextAsync("notes/today.txt", versions[0].Id));

        await bob.DeleteAsync("notes/today.txt");
        await alice.SyncAsync();
        Assert.Null(await alice.StatAsync("notes/today.txt"));
        var gone = await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => alice.ReadBytesAsync("notes/today.txt"));
        Assert.Contains("deleted", gone.Message, StringComparison.Ordinal);
        Assert.Equal("first", await alice.ReadTextAsync("notes/today.txt", versions[0].Id));
        Assert.Equal([false, false, true], (await alice.GetVersionsAsync("notes/today.txt")).Select(static version => version.IsDelete));

        await alice.WriteTextAsync("notes/today.txt", "third");
        Assert.Equal("third", await bob.ReadTextAsync("notes/today.txt"));
    }

    [Fact]
    public async Task A_grant_makes_a_member_and_everybody_sees_who_has_access()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync([new AccessChange(team.Bob.Public, AccessLevel.Write), new AccessChange(team.Carol.Public, AccessLevel.Read)]);
        var bob = await team.OpenAsync(team.Bob);

        Member[] expected =
        [
            new(team.Alice.Public, AccessLevel.Admin, IsMe: false), new(team.Bob.Public, AccessLevel.Write, IsMe: true), new(team.Carol.Public, AccessLevel.Read, IsMe: false),
        ];
        Assert.Equal(expected.OrderBy(static member => member.Id), await bob.GetMembersAsync());
        Assert.Equal(AccessLevel.Write, bob.Access);
        Assert.Equal((alice.Id, alice.Creator), (bob.Id, bob.Creator));
    }

    [Fact]
    public async Task Files_are_written_from_bytes_from_streams_and_from_files()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        var source = Path.Combine(team.Folder, "source.bin");
        await File.WriteAllBytesAsync(source, content);
        var time = new DateTime(2020, 2, 29, 12, 0, 1, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(source, time);

        await alice.WriteAsync("bytes", FileContent.FromBytes(content));
        await alice.WriteAsync("seekable", FileContent.FromStream(new MemoryStream(content)));
        using var pipe = new Bodies.TricklingStream(content, 3);
        await alice.WriteAsync("pipe", FileContent.FromStream(pipe));
        await alice.WriteAsync("file", FileContent.FromFile(source));
        await alice.WriteAsync("empty", FileContent.FromBytes(default));

        foreach (var name in (string[])["bytes", "seekable", "pipe", "file"])
            Assert.Equal(content, await alice.ReadBytesAsync(name));
        Assert.Empty(await alice.ReadBytesAsync("empty"));
        var stat = await alice.StatAsync("file");
        Assert.Equal((300_000, new DateTimeOffset(time)), (stat!.Size, stat.Modified));

        var copy = Path.Combine(team.Folder, "copy.bin");
        await alice.ReadToFileAsync("file", copy);
        Assert.Equal(content, await File.ReadAllBytesAsync(copy));
        Assert.Equal(time, File.GetLastWriteTimeUtc(copy));
    }

    [Fact]
    public async Task An_error_of_the_local_file_names_it_and_no_temporary_one()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteAsync("file", FileContent.FromBytes(new byte[10]));
        var target = Path.Combine(team.Folder, "missing", "copy.bin");

        var error = await Assert.ThrowsAsync<DirectoryNotFoundException>(() => alice.ReadToFileAsync("file", target));

        Assert.Contains($"'{target}'", error.Message);
        Assert.DoesNotContain(".part", error.Message);
    }

    [Fact]
    public async Task A_part_of_a_file_is_read_by_its_range()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var content = new byte[17_000_000];
        new Random(2).NextBytes(content);
        await alice.WriteAsync("large", FileContent.FromBytes(content));
        await alice.WriteAsync("small", FileContent.FromBytes(content.AsMemory(0, 1000)));

        foreach (var (offset, length) in ((int, int)[])[(0, 1), (65_535, 2), (16_777_000, 1000), (16_999_999, 1)])
            Assert.Equal(content.AsSpan(offset, length).ToArray(), await alice.ReadBytesAsync("large", new ReadFileOptions { Range = new ByteRange(offset, length) }));
        Assert.Equal(content.AsSpan(10, 5).ToArray(), await alice.ReadBytesAsync("small", new ReadFileOptions { Range = new ByteRange(10, 5) }));
        Assert.Equal(content.AsSpan(990, 10).ToArray(), await alice.ReadBytesAsync("small", new ReadFileOptions { Range = new ByteRange(990, 5000) }));
        Assert.Empty(await alice.ReadBytesAsync("small", new ReadFileOptions { Range = new ByteRange(1000, 5) }));
    }

    [Fact]
    public async Task Attributes_of_a_file_make_a_version_with_the_same_content()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        foreach (var (path, size) in ((string, int)[])[("tail", 100), ("object", 100_000), ("empty", 0)])
        {
            await alice.WriteAsync(path, Bytes(size), new WriteOptions { Attributes = new byte[] { 1 } });
            var version = await alice.SetAttributesAsync(path, new byte[] { 2, 3 });
            Assert.Equal([2, 3], version.Attributes.ToArray());
            var stat = await alice.StatAsync(path);
            Assert.Equal((version.Id, (long)size), (stat!.Id, stat.Size));
            Assert.Equal([2, 3], stat.Attributes.ToArray());
            Assert.Equal(size, (await alice.ReadBytesAsync(path)).Length);
            Assert.Equal([1], (await alice.GetVersionsAsync(path))[0].Attributes.ToArray());
        }
        await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => alice.SetAttributesAsync("nothing", new byte[] { 1 }));
    }

    [Fact]
    public async Task Every_member_has_attributes_of_its_own_and_a_reader_sets_them_too()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        await carol.SetMyAttributeAsync("name", "Carol"u8.ToArray());
        await carol.SetMyAttributeAsync("name", "Carol C."u8.ToArray());
        await alice.SetMyAttributeAsync("name", "Alice"u8.ToArray());
        await alice.SyncAsync();

        var hers = Assert.Single(await alice.GetMemberAttributesAsync(carol.Me));
        Assert.Equal("name", hers.Key);
        Assert.Equal("Carol C."u8.ToArray(), hers.Value.ToArray());
        Assert.Empty(await alice.GetMemberAttributesAsync(team.Bob.Public));
        Assert.Empty(await alice.AllAsync());
    }

    [Fact]
    public async Task An_invitation_is_all_that_a_member_needs_to_join()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("a", "text");
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Read);
        var invitation = Invitation.Parse((await alice.InviteAsync("mem://team")).ToString());
        var bob = await team.OpenAsync(team.Bob, pin: invitation);
        Assert.Equal("text", await bob.ReadTextAsync("a"));
        Assert.Empty(bob.GetFindings());
    }

    [Fact]
    public async Task A_vault_lives_on_a_disk_across_openings()
    {
        var folder = Directory.CreateTempSubdirectory("coffer-disk-").FullName;
        try
        {
            await using var store = new Stores.Local.LocalStore(new Stores.Local.LocalStoreOptions { Root = Path.Combine(folder, "store"), Fsync = false });
            await using var team = new Team(store);
            var index = team.NewIndex();
            var alice = await team.CreateAsync(index: index);
            var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
            await alice.WriteTextAsync("a", "hers");
            await alice.WriteAsync("large", Bytes(200_000));
            await team.CloseAsync(alice);
            await bob.SyncAsync();
            await bob.WriteTextAsync("b", "his");
            alice = await team.OpenAsync(team.Alice, index);
            Assert.Equal(["a", "b", "large"], await alice.AllAsync());
            Assert.Equal("his", await alice.ReadTextAsync("b"));
            Assert.Equal(200_000, (await bob.ReadBytesAsync("large")).Length);
            Assert.Empty(alice.GetFindings());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
