using Coffer.Vaults.Tests.Scenarios;
using Xunit;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>What a path has shown, held against what was written.</summary>
internal sealed class Shown(AttackWorld world, Attack? attack)
{
    // Not the size of anything in the vault.
    private const int ChunkSize = 50_000;

    private readonly HashSet<string> _missing = [];
    private readonly Dictionary<string, Exception> _faults = [];

    /// <summary>The files of which something is not shown: the file, its newest version, or one of its versions.</summary>
    public IReadOnlySet<string> Missing => _missing;

    /// <summary>The files that could not be read, and why.</summary>
    public IReadOnlyDictionary<string, Exception> Faults => _faults;

    /// <summary>What the path does before anything is looked at.</summary>
    public async Task RunAsync(Vault vault, ReadPath path)
    {
        switch (path)
        {
            case ReadPath.Sync:
                await vault.SyncAsync();
                break;
            case ReadPath.Rebuild:
                await vault.RebuildIndexAsync();
                break;
            case ReadPath.Verify:
                await vault.CheckIntegrityAsync(new IntegrityCheckOptions { Deep = true });
                break;
            case ReadPath.Housekeep:
                await vault.HousekeepAsync(new HousekeepOptions { Bodies = true });
                break;
        }
    }

    /// <summary>Looks at each file in the way of the path, and lists them all.</summary>
    public async Task WalkAsync(Vault vault, ReadPath path)
    {
        foreach (var (file, (newest, _)) in world.Story.Files)
        {
            switch (path)
            {
                case ReadPath.Read:
                    await ReadAsync(vault, newest);
                    break;
                case ReadPath.Range:
                    await ReadRangeAsync(vault, newest);
                    break;
                case ReadPath.Versions:
                    await ReadVersionsAsync(vault, newest);
                    break;
                default:
                    await StatAsync(vault, newest);
                    break;
            }
        }
        var listed = new HashSet<string>();
        await foreach (var entry in vault.ListAsync("", new ListFilesOptions { Recursive = true }))
        {
            Assert.True(world.Story.Written.Contains(entry.Path) || (attack is { IsByWriter: true } && entry.Path == AttackForgeries.Path), $"'{entry.Path}' was never written");
            listed.Add(entry.Path);
        }
        _missing.UnionWith(world.Story.Files.Keys.Where(file => !listed.Contains(file)));
    }

    private async Task StatAsync(Vault vault, FileVersion newest)
    {
        if (await vault.StatAsync(newest.Path, newest.Seal) is not { } version)
            _missing.Add(newest.Path);
        else
            NoteUnlessNewest(version, newest);
    }

    private async Task ReadVersionsAsync(Vault vault, FileVersion newest)
    {
        var versions = await vault.GetVersionsAsync(newest.Path, newest.Seal);
        if (versions.Count != world.Story.Written[newest.Path].Count())
            _missing.Add(newest.Path);
        foreach (var version in versions)
            await ReadAsync(vault, newest, AsWritten(version).Version.Id);
    }

    /// <summary>Reads a file piece by piece: what is handed out before an error is what was written too.</summary>
    private Task ReadAsync(Vault vault, FileVersion newest, string? id = null) => TryAsync(newest.Path, async () =>
    {
        await using var reader = await vault.OpenReadAsync(newest.Path, new ReadFileOptions { Seal = newest.Seal, VersionId = id });
        var content = AsWritten(reader.Version).Content;
        if (id is null)
            NoteUnlessNewest(reader.Version, newest);
        var chunk = new byte[ChunkSize];
        var at = 0;
        while (await reader.Content.ReadAsync(chunk) is > 0 and var read)
        {
            Assert.True(at + read <= content.Length && content.AsSpan(at, read).SequenceEqual(chunk.AsSpan(0, read)), $"'{newest.Path}' was shown with a content that nobody wrote");
            at += read;
        }
        Assert.Equal(content.Length, at);
    });

    private Task ReadRangeAsync(Vault vault, FileVersion newest) => TryAsync(newest.Path, async () =>
    {
        var content = world.Story.Files[newest.Path].Content;
        var range = new ByteRange(content.Length / 2, 5);
        var bytes = await vault.ReadBytesAsync(newest.Path, new ReadFileOptions { Seal = newest.Seal, Range = range });
        Assert.True(world.Story.Written[newest.Path].Any(write => write.Content.Length >= range.Offset && write.Content.AsSpan((int)range.Offset, Math.Min(5, write.Content.Length - (int)range.Offset)).SequenceEqual(bytes)), $"'{newest.Path}' was shown with a content that nobody wrote");
        if (!content.AsSpan((int)range.Offset, 5).SequenceEqual(bytes))
            _missing.Add(newest.Path);
    });

    /// <summary>An older version in the place of the newest one is something missing.</summary>
    private void NoteUnlessNewest(FileVersion version, FileVersion newest)
    {
        if (AsWritten(version).Version.Id != newest.Id && !IsErins(version))
            _missing.Add(newest.Path);
    }

    private bool IsErins(FileVersion version) => attack is { IsByWriter: true } && version.Author == world.Erin.Public;

    /// <summary>A file that cannot be read is an error to be told, and the next one is read all the same.</summary>
    private async Task TryAsync(string file, Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (FileNotFoundInVaultException)
        {
            _missing.Add(file);
        }
        catch (Exception fault) when (fault is VaultException || (fault is StoreException && attack is not { Stops: true }))
        {
            _faults.TryAdd(file, fault);
        }
    }

    /// <summary>What was written as this version. All that is said of it must be what its author said.</summary>
    private (FileVersion Version, byte[] Content) AsWritten(FileVersion shown)
    {
        var (version, content) = world.Story.Written[shown.Path].FirstOrDefault(write => write.Version.Id == shown.Id);
        if (version is null && IsErins(shown))
            return (shown, AttackForgeries.Content);
        Assert.True(version is not null, $"{shown} was never written");
        Assert.Equal((version.Size, version.Author, version.Written, version.Modified, version.Expires, version.Seal), (shown.Size, shown.Author, shown.Written, shown.Modified, shown.Expires, shown.Seal));
        return (version, content);
    }
}
