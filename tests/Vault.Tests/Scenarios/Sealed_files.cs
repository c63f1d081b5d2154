using Coffer.Stores;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.Seals;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Files that one member seals to one other: what the two can do with them, and what the others see.</summary>
public sealed class Sealed_files
{
    private static readonly ListFilesOptions All = new() { Recursive = true };

    private static async Task<FileNotFoundInVaultException> IsNotThereAsync(Vault vault, string path, FileSeal? seal) =>
        await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => vault.ReadBytesAsync(path, new ReadFileOptions { Seal = seal }));

    [Fact]
    public async Task Sender_and_recipient_read_them_and_the_third_sees_nothing()
    {
        await using var team = new Team();
        var (alice, bob, carol) = await ThreeAsync(team);
        var seal = Between(alice, bob);
        var position = await carol.GetPositionAsync();
        var written = await alice.WriteTextAsync("deep/secret", "for Bob", To(bob) with { Attributes = new byte[] { 7 } });
        Assert.Equal(seal, written.Seal);

        await bob.SyncAsync();
        foreach (var vault in (Vault[])[alice, bob])
        {
            Assert.Equal("for Bob", await ReadAsync(vault, "deep/secret", seal));
            Assert.Equal(seal, Assert.Single(await ListAsync(vault, "", All)).File!.Seal);
            Assert.Equal(["deep/"], await vault.NamesAsync());
            var stat = (await vault.StatAsync("deep/secret", seal))!;
            Assert.Equal((written.Id, 7L, (byte)7, written.Modified), (stat.Id, stat.Size, stat.Attributes.Span[0], stat.Modified));
            Assert.Single(await vault.GetVersionsAsync("deep/secret", seal));
            await using var reader = await vault.OpenReadAsync("deep/secret", new ReadFileOptions { Seal = seal, Range = new ByteRange(4, 3) });
            Assert.Equal("Bob", await new StreamReader(reader.Content).ReadToEndAsync());
            Assert.Equal(seal, reader.Version.Seal);
        }
        Assert.Empty(await carol.AllAsync());
        Assert.Empty(await carol.NamesAsync("deep"));
        foreach (var guess in (FileSeal?[])[null, seal, Between(bob, alice), Between(alice, carol), Between(carol, carol)])
        {
            Assert.Null(await carol.StatAsync("deep/secret", guess));
            Assert.Empty(await carol.GetVersionsAsync("deep/secret", guess));
            await IsNotThereAsync(carol, "deep/secret", guess);
            await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => carol.DeleteAsync("deep/secret", guess));
            await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => carol.SetAttributesAsync("deep/secret", default, guess));
        }
        Assert.Equal(0, (await carol.GetStatusAsync()).Files);
        Assert.Equal(0, (await carol.GetStatusAsync()).Versions);
        Assert.Empty(await carol.NamesAsync("", new ListFilesOptions { Since = position }));
        // The first change that she is told of is the plain one that comes later.
        await alice.WriteTextAsync("plain", "");
        await foreach (var change in carol.WatchAsync(position))
        {
            Assert.Equal("plain", change.Version.Path);
            break;
        }
        Assert.Empty(carol.GetFindings());
        Assert.Equal((await alice.GetStatusAsync()).Commits, (await carol.GetStatusAsync()).Commits);
    }

    [Fact]
    public async Task The_store_and_the_other_members_indexes_hold_neither_path_nor_content()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Write);
        var carol = await team.OpenAsync(team.Carol, index);
        await alice.WriteTextAsync("a path like no other", "a content like no other", To(bob));
        await carol.SyncAsync();
        await team.CloseAsync(carol);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(index)!))
            Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf("like no other"u8) >= 0, file);
        using var forger = await Forger.BeginAsync(team, team.Carol);
        foreach (var key in await team.Store.KeysAsync(StoredObjects.CommitKeys))
        {
            var record = Assert.IsType<Vaults.Records.SealedRecord>(Assert.Single((await forger.OpenAsync(key)).Head.Records));
            Assert.Equal((bob.Me, 23L), (record.Recipient, record.Layout.Length));
            Assert.Null(record.AsFile());
        }
    }

    [Fact]
    public async Task Plain_and_sealed_files_of_one_path_do_not_touch_each_other()
    {
        await using var team = new Team();
        var (alice, bob, carol) = await ThreeAsync(team);
        await alice.WriteTextAsync("a", "for all");
        await alice.WriteTextAsync("a", "for Bob", To(bob));
        await alice.WriteTextAsync("a", "for Carol", To(carol));
        await bob.WriteTextAsync("a", "for Carol, from Bob", To(carol));
        await alice.WriteTextAsync("a", "for myself", To(alice));

        Assert.Equal(["a", "a", "a", "a"], await alice.AllAsync());
        Assert.Equal(["a", "a", "a"], await carol.AllAsync());
        FileSeal[] hers = [Between(alice, carol), Between(bob, carol)];
        Assert.Equal([null, .. hers.OrderBy(static seal => seal.Sender)], (await ListAsync(carol)).Select(static entry => entry.File!.Seal));
        Assert.Equal("for all", await carol.ReadTextAsync("a"));
        Assert.Equal("for Carol", await ReadAsync(carol, "a", hers[0]));
        Assert.Equal("for Carol, from Bob", await ReadAsync(carol, "a", hers[1]));
        Assert.Equal("for myself", await ReadAsync(alice, "a", Between(alice, alice)));

        await bob.SyncAsync();
        await bob.DeleteAsync("a");
        Assert.Equal(["a", "a"], await bob.AllAsync());
        var fault = await IsNotThereAsync(bob, "a", null);
        Assert.Contains("it was deleted", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"from {alice.Me} to {bob.Me}", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain($"from {alice.Me} to {carol.Me}", fault.Message, StringComparison.Ordinal);
        Assert.Equal("for Bob", await ReadAsync(bob, "a", Between(alice, bob)));
        await alice.SyncAsync();
        await alice.DeleteAsync("a", Between(alice, bob));
        Assert.Equal(["a"], await bob.AllAsync());
        await carol.SyncAsync();
        Assert.Equal(2, (await ListAsync(carol)).Length);
        await carol.WriteTextAsync("a", "for all again");
        Assert.Equal(3, (await ListAsync(carol)).Length);
        Assert.Equal(3, (await carol.GetVersionsAsync("a")).Count);
        Assert.Single(await carol.GetVersionsAsync("a", hers[0]));
    }

    [Fact]
    public async Task They_have_versions_attributes_and_deletes_of_their_own()
    {
        await using var team = new Team();
        var (alice, bob, _) = await ThreeAsync(team);
        var seal = Between(alice, bob);
        var first = await alice.WriteTextAsync("a", "1", To(bob));
        await alice.WriteAsync("a", Bytes(100_000), To(bob));
        await alice.SetAttributesAsync("a", new byte[] { 9 }, seal);
        await alice.DeleteAsync("a", seal);
        await bob.SyncAsync();
        foreach (var vault in (Vault[])[alice, bob])
        {
            var versions = await vault.GetVersionsAsync("a", seal);
            Assert.Equal([(false, 1), (false, 100_000), (false, 100_000), (true, 0)], versions.Select(static version => (version.IsDelete, version.Size)));
            Assert.All(versions, version => Assert.Equal(seal, version.Seal));
            Assert.Equal([9], versions[2].Attributes.ToArray());
            Assert.Equal("1", await ReadAsync(vault, "a", seal, first.Id));
            Assert.Equal(100_000, (await vault.ReadBytesAsync("a", new ReadFileOptions { Seal = seal, VersionId = versions[2].Id })).Length);
            Assert.Null(await vault.StatAsync("a", seal));
            await IsNotThereAsync(vault, "a", seal);
            Assert.Empty(await vault.NamesAsync());
        }
        await alice.WriteTextAsync("a", "again", To(bob));
        await bob.SyncAsync();
        Assert.Equal("again", await ReadAsync(bob, "a", seal));
    }

    [Fact]
    public async Task The_recipient_can_neither_write_nor_delete_them_and_is_told_why()
    {
        await using var team = new Team();
        var (alice, bob, _) = await ThreeAsync(team);
        var seal = Between(alice, bob);
        await alice.WriteTextAsync("a", "1", To(bob));
        await bob.SyncAsync();
        var commits = await team.Store.KeysAsync(StoredObjects.CommitKeys);
        foreach (var denied in (Func<Task>[])[() => bob.DeleteAsync("a", seal), () => bob.SetAttributesAsync("a", default, seal)])
            Assert.Contains($"only {alice.Me.Fingerprint} can", (await Assert.ThrowsAsync<AccessDeniedException>(denied)).Message, StringComparison.Ordinal);
        Assert.Equal(commits, await team.Store.KeysAsync(StoredObjects.CommitKeys));
        await bob.WriteTextAsync("a", "2", To(alice));
        Assert.Equal("1", await ReadAsync(bob, "a", seal));
        await alice.SyncAsync();
        Assert.Equal("2", await ReadAsync(alice, "a", Between(bob, alice)));
    }

    [Fact]
    public async Task They_go_to_members_who_can_read_and_to_nobody_else()
    {
        await using var team = new Team();
        var (alice, bob, carol) = await ThreeAsync(team);
        var stranger = team.NewPerson().Public;
        await alice.WriteTextAsync("kept", "1", To(carol));
        await carol.SyncAsync();
        await alice.SetAccessAsync(carol.Me, AccessLevel.None);
        var before = await team.Store.KeysAsync("users/");
        foreach (var recipient in (PublicId[])[stranger, carol.Me])
        {
            var options = new WriteOptions { Recipient = recipient };
            foreach (var refused in (Func<Task>[])[
                () => alice.WriteTextAsync("a", "1", options), () => alice.WriteAsync("a", Bytes(100_000), options),
                () => alice.WriteManyAsync([new FileWrite("b", Content("1")), new FileWrite("a", Content("1"), options)])])
            {
                var fault = await Assert.ThrowsAsync<RecipientCannotReadException>(refused);
                Assert.Contains(recipient.ToString(), fault.Message, StringComparison.Ordinal);
                Assert.Contains("no member who can read", fault.Message, StringComparison.Ordinal);
            }
        }
        await Assert.ThrowsAsync<RecipientCannotReadException>(() => alice.SetAttributesAsync("kept", default, Between(alice, carol)));
        Assert.Equal(before, await team.Store.KeysAsync("users/"));

        // What was sealed to her before stays as it is, for her too, and can be deleted.
        Assert.Equal("1", await ReadAsync(alice, "kept", Between(alice, carol)));
        Assert.Equal("1", await ReadAsync(carol, "kept", Between(alice, carol)));
        await alice.DeleteAsync("kept", Between(alice, carol));
        Assert.Empty(await alice.AllAsync());
        await alice.SetAccessAsync(bob.Me, AccessLevel.Read);
        await alice.WriteTextAsync("for a reader", "1", To(bob));
        await bob.SyncAsync();
        Assert.Equal("1", await ReadAsync(bob, "for a reader", Between(alice, bob)));
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.WriteTextAsync("by a reader", "1", To(alice)));
    }

    [Fact]
    public async Task Large_bodies_ranges_bundles_and_batches_are_as_those_of_plain_files()
    {
        await using var team = new Team();
        var (alice, bob, carol) = await ThreeAsync(team);
        var seal = Between(alice, bob);
        var large = new byte[(33 << 20) + 5];
        new Random(3).NextBytes(large);
        await alice.WriteAsync("large", FileContent.FromBytes(large), To(bob));
        await alice.WriteAsync("piped", FileContent.FromStream(new PipedStream(large.AsMemory(0, 20 << 20))), To(bob));
        var batch = Enumerable.Range(0, 40).Select(i => new FileWrite($"batch/{i:d2}", Bytes(i * 700, (byte)i), i % 2 == 0 ? To(bob) : null)).ToList();
        batch.Add(new FileWrite("batch/00", Bytes(5), To(carol)));
        batch.Add(new FileWrite("batch/00", Bytes(6)));
        var written = await alice.WriteManyAsync(batch);
        Assert.Equal(batch.Select(write => (write.Path, write.Options is null ? null : new FileSeal(alice.Me, write.Options.Recipient!))), written.Select(static version => (version.Path, version.Seal)));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.WriteManyAsync([new FileWrite("x", Bytes(1), To(bob)), new FileWrite("x", Bytes(1), To(bob))]));

        await bob.SyncAsync();
        Assert.Equal(large, await bob.ReadBytesAsync("large", new ReadFileOptions { Seal = seal }));
        Assert.Equal(large[..(20 << 20)], await bob.ReadBytesAsync("piped", new ReadFileOptions { Seal = seal }));
        await using (var range = await bob.OpenReadAsync("large", new ReadFileOptions { Seal = seal, Range = new ByteRange((16 << 20) - 3, 10) }))
        {
            var bytes = new byte[10];
            await range.Content.ReadExactlyAsync(bytes);
            Assert.Equal(large[((16 << 20) - 3)..((16 << 20) + 7)], bytes);
        }
        for (var i = 0; i < 40; i++)
            Assert.Equal(i * 700, (await bob.ReadBytesAsync($"batch/{i:d2}", new ReadFileOptions { Seal = i % 2 == 0 ? seal : null })).Length);
        var file = Path.Combine(team.Folder, "got");
        Assert.Equal(seal, (await bob.ReadToFileAsync("large", file, new ReadFileOptions { Seal = seal })).Seal);
        Assert.Equal(large.Length, new FileInfo(file).Length);
        // Everybody counts what they take.
        await carol.SyncAsync();
        Assert.Equal((await alice.GetStatusAsync()).AllocatedBytes, (await carol.GetStatusAsync()).AllocatedBytes);
        Assert.Equal(22, (await ListAsync(carol, "batch")).Length);
    }

    [Fact]
    public async Task In_a_public_vault_they_go_to_anybody()
    {
        await using var team = new Team { Realm = Vault.PublicRealm };
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("a", "for Bob", new WriteOptions { Recipient = team.Bob.Public });
        var bob = await team.OpenAsync(team.Bob);
        Assert.Equal(AccessLevel.None, bob.Access);
        Assert.Equal("for Bob", await ReadAsync(bob, "a", Between(alice, bob)));
        var anybody = await team.OpenPublicAsync();
        Assert.Empty(await anybody.AllAsync());
        await IsNotThereAsync(anybody, "a", Between(alice, bob));
    }

    [Fact]
    public async Task They_are_in_nobody_elses_count_and_in_everybodys_quota()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync(new VaultSettings { Quota = 150_000 });
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Write);
        await alice.WriteAsync("a", Bytes(100_000), To(bob));
        await carol.SyncAsync();
        await Assert.ThrowsAsync<VaultQuotaException>(() => carol.WriteAsync("b", Bytes(100_000)));
        await Assert.ThrowsAsync<VaultQuotaException>(() => carol.WriteAsync("b", Bytes(100_000), To(bob)));
    }

    /// <summary>A stream of which nobody knows the length.</summary>
    private sealed class PipedStream(ReadOnlyMemory<byte> content) : Stream
    {
        private ReadOnlyMemory<byte> _rest = content;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = Math.Min(count, _rest.Length);
            _rest[..count].CopyTo(buffer.AsMemory(offset));
            _rest = _rest[count..];
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
