using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests;

public class IdentityFileTests
{
    private static readonly IdentityLock Light = new(10, 8, 1);

    [Fact]
    public async Task An_open_identity_is_written_and_read_again()
    {
        using var folder = new TemporaryFolder();
        using var alice = PrivateId.Create();
        var path = folder.Name("alice.id");
        await IdentityFile.WriteAsync(path, alice);
        using var again = await IdentityFile.ReadAsync(path);
        Assert.Equal(alice.ExportText(), again.ExportText());
        Assert.Equal(alice.Public, await IdentityFile.ReadPublicAsync(path));
        var text = await File.ReadAllTextAsync(path);
        Assert.Contains(alice.Public.Fingerprint, text, StringComparison.Ordinal);
        Assert.EndsWith($"\nCOFFER-IDENTITY-1 {alice.Public} {alice.ExportText()}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_identity_opens_with_its_passphrase_alone_and_holds_no_secret_in_the_clear()
    {
        using var folder = new TemporaryFolder();
        using var alice = PrivateId.Create();
        var path = folder.Name("alice.id");
        await IdentityFile.WriteAsync(path, alice, "correct horse");
        using var again = await IdentityFile.ReadAsync(path, _ => new("correct horse"));
        Assert.Equal(alice.ExportText(), again.ExportText());
        Assert.Equal(alice.Public, await IdentityFile.ReadPublicAsync(path));
        Assert.DoesNotContain(alice.ExportText()[..16], await File.ReadAllTextAsync(path), StringComparison.Ordinal);
        Assert.Equal(IdentityFileFault.WrongPassphrase, await FaultAsync(() => IdentityFile.ReadAsync(path, _ => new("correct house"))));
        Assert.True(await IdentityFile.IsLockedAsync(path));
        Assert.Equal(IdentityFileFault.PassphraseNeeded, await FaultAsync(() => IdentityFile.ReadAsync(path)));
        Assert.Equal(IdentityFileFault.PassphraseNeeded, await FaultAsync(() => IdentityFile.ReadAsync(path, _ => new((string?)null))));
    }

    [Fact]
    public async Task A_new_lock_has_the_work_and_the_salt_that_the_format_says()
    {
        using var folder = new TemporaryFolder();
        using var alice = PrivateId.Create();
        var locks = new List<LockedIdentity>();
        foreach (var name in new[] { "one", "two" })
        {
            await IdentityFile.WriteAsync(folder.Name(name), alice, "p");
            using var text = IdentityText.Parse(await File.ReadAllTextAsync(folder.Name(name)), name);
            locks.Add(text.Locked!);
        }
        Assert.All(locks, locked => Assert.Equal(new IdentityLock(17, 8, 1), locked.Work));
        Assert.NotEqual(locks[0].Bytes.Slice(3, 32).ToArray(), locks[1].Bytes.Slice(3, 32).ToArray());
    }

    [Fact]
    public async Task A_file_that_exists_is_never_overwritten()
    {
        using var folder = new TemporaryFolder();
        using var alice = PrivateId.Create();
        var path = folder.Write("something precious");
        Assert.Equal(IdentityFileFault.Exists, await FaultAsync(() => IdentityFile.WriteAsync(path, alice)));
        Assert.Equal(IdentityFileFault.Exists, await FaultAsync(() => IdentityFile.WriteAsync(path, alice, "p")));
        Assert.Equal("something precious", await File.ReadAllTextAsync(path));
        Assert.Equal(IdentityFileFault.Exists, await FaultAsync(() => IdentityFile.WriteAsync(folder.FullName, alice)));
    }

    [Fact]
    public async Task Of_many_who_create_one_file_at_once_exactly_one_does_and_the_file_is_theirs()
    {
        // Locked ones: all have seen that there is no file before the first lock is done, so the creation itself decides.
        using var folder = new TemporaryFolder();
        var ids = Enumerable.Range(0, 16).Select(_ => PrivateId.Create()).ToList();
        for (var round = 0; round < 20; round++)
        {
            var path = folder.Name($"round-{round}");
            var won = await Task.WhenAll(ids.Select(id => WroteAsync(path, id)));
            var winner = Assert.Single(won, id => id is not null);
            Assert.Equal(winner, await IdentityFile.ReadPublicAsync(path));
        }

        static async Task<PublicId?> WroteAsync(string path, PrivateId id)
        {
            try
            {
                await IdentityFile.WriteAsync(path, id, "p", Light, new VaultEnvironment(), CancellationToken.None);
                return id.Public;
            }
            catch (IdentityFileException e) when (e.Fault == IdentityFileFault.Exists)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task Only_its_owner_can_read_a_new_file()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TemporaryFolder();
        using var alice = PrivateId.Create();
        await IdentityFile.WriteAsync(folder.Name("alice.id"), alice);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Name("alice.id")));
    }

    [Fact]
    public async Task A_write_that_is_cancelled_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        using var alice = PrivateId.Create();
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => IdentityFile.WriteAsync(folder.Name("a"), alice, cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => IdentityFile.WriteAsync(folder.Name("a"), alice, "p", cancellationToken: cancelled));
        Assert.Empty(Directory.GetFileSystemEntries(folder.FullName));
    }

    [Fact]
    public async Task A_passphrase_that_locks_nothing_or_has_no_bytes_is_refused_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        using var alice = PrivateId.Create();
        await Assert.ThrowsAsync<ArgumentException>(() => IdentityFile.WriteAsync(folder.Name("a"), alice, ""));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => IdentityFile.WriteAsync(folder.Name("a"), alice, "\ud800"));
        Assert.Empty(Directory.GetFileSystemEntries(folder.FullName));
    }

    [Fact]
    public async Task No_file_at_all_is_its_own_fault()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(IdentityFileFault.Missing, await FaultAsync(() => IdentityFile.ReadAsync(folder.Name("nobody"))));
        Assert.Equal(IdentityFileFault.Missing, await FaultAsync(() => IdentityFile.ReadAsync(folder.Name("no/folder"))));
        Assert.Equal(IdentityFileFault.Missing, await FaultAsync(() => IdentityFile.ReadPublicAsync(folder.Name("nobody"))));
    }

    [Fact]
    public async Task A_huge_file_is_refused_after_64_KiB_of_it()
    {
        using var folder = new TemporaryFolder();
        using var alice = PrivateId.Create();
        var line = new string(IdentityText.Format(alice));
        var fits = folder.Write(new string('#', 65536 - line.Length - 1) + "\n" + line);
        using var read = await IdentityFile.ReadAsync(fits);
        Assert.Equal(alice.Public, read.Public);
        var tooLong = folder.Write(new string('#', 65536 - line.Length) + "\n" + line);
        Assert.Equal(IdentityFileFault.NotAnIdentity, await FaultAsync(() => IdentityFile.ReadAsync(tooLong)));
    }

    [Fact]
    public void A_file_that_was_cut_off_anywhere_is_refused()
    {
        using var alice = PrivateId.Create();
        var locked = LockedIdentity.Lock(alice, "p", Light, SystemRandom.Instance);
        foreach (var text in new[] { IdentityText.Format(alice), IdentityText.Format(locked) })
        {
            // Without its last line end it is still whole.
            for (var length = 0; length < text.Length - 1; length++)
                Assert.Throws<IdentityFileException>(() => IdentityText.Parse(text.AsSpan(0, length), "cut"));
            using var whole = IdentityText.Parse(text.AsSpan(0, text.Length - 1), "whole");
            Assert.Equal(alice.Public, whole.Public);
        }
    }

    [Fact]
    public void A_file_with_any_character_changed_is_another_text_of_the_same_identity_or_refused()
    {
        using var alice = PrivateId.Create();
        var locked = LockedIdentity.Lock(alice, "p", Light, SystemRandom.Instance);
        var random = new Random(9);
        foreach (var text in new[] { IdentityText.Format(alice), IdentityText.Format(locked) })
        {
            for (var at = 0; at < text.Length; at++)
            {
                var altered = text.ToArray();
                while (altered[at] == text[at])
                    altered[at] = (char)random.Next(random.Next(2) == 0 ? 128 : 65536);
                try
                {
                    using var read = IdentityText.Parse(altered, "altered");
                    Assert.Equal(alice.Public, read.Public);
                    Assert.True(read.Opened is null || read.Opened.ExportText() == alice.ExportText());
                    Assert.True(read.Locked is null || read.Locked.Bytes.SequenceEqual(locked.Bytes));
                }
                catch (IdentityFileException)
                {
                    // Refused, as a change outside the comments must be.
                    Assert.True(altered[at] is '\n' or '\r' || text[at] is '\n' or '#' || at >= new string(text).IndexOf("\nCOFFER", StringComparison.Ordinal));
                }
            }
        }
    }

    [Fact]
    public void Any_bit_changed_in_a_locked_identity_is_damage_and_never_taken_for_a_wrong_passphrase()
    {
        using var alice = PrivateId.Create();
        var bytes = LockedIdentity.Lock(alice, "p", Light, SystemRandom.Instance).Bytes.ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var altered = bytes.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<WireException>(() => LockedIdentity.Parse(altered));
        }
        Assert.True(LockedIdentity.Parse(bytes).TryOpen("p", out var opened));
        opened!.Dispose();
    }

    [Fact]
    public void Random_texts_are_refused_with_a_fault()
    {
        var random = new Random(10);
        string[] words = ["COFFER-IDENTITY-1 ", "COFFER-LOCKED-IDENTITY-1 ", "COFFER-IDENTITY-", "COFFER-", "\n", "\r", "#", " ", "AAAA", "==", "1", "\ud800"];
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => words[random.Next(words.Length)]));
            Assert.Throws<IdentityFileException>(() => IdentityText.Parse(text, "random"));
        }
    }

    [Fact]
    public void Work_that_would_take_all_memory_is_refused_before_it_runs()
    {
        using var alice = PrivateId.Create();
        Assert.Throws<ArgumentException>(() => LockedIdentity.Lock(alice, "p", new IdentityLock(22, 32, 1), SystemRandom.Instance));
        Assert.True(new IdentityLock(22, 2, 16).IsAllowed);
        Assert.False(new IdentityLock(22, 3, 1).IsAllowed);
        Assert.True(new IdentityLock(15, 1, 1).IsAllowed);
        Assert.False(new IdentityLock(16, 1, 1).IsAllowed);
        Assert.False(default(IdentityLock).IsAllowed);
    }

    private static async Task<IdentityFileFault> FaultAsync(Func<Task> work) => (await Assert.ThrowsAsync<IdentityFileException>(work)).Fault;
}
