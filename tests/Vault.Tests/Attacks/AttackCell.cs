using Coffer.Testing;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>One attack on one path: what came of it.</summary>
internal static class AttackCell
{
    /// <summary>It was noticed: an error, or a finding that says more than that there is rubbish.</summary>
    public const char Detected = 'D';

    /// <summary>Everything was shown as honest people wrote it.</summary>
    public const char Harmless = 'H';

    /// <summary>Something was not shown, and nobody could know.</summary>
    public const char Limit = 'L';

    /// <summary>Runs it, and gives the verdict. Whatever was shown is what somebody wrote, whatever else happens.</summary>
    public static async Task<(char Verdict, string Why)> RunAsync(AttackWorld world, Func<AttackWorld, Lie> attack, ReadPath path)
    {
        await using var store = await world.CopyAsync();
        Vault? vault = null;
        var shown = new Shown(world);
        try
        {
            var lie = attack(world);
            var isOpening = path is ReadPath.Open or ReadPath.First or ReadPath.Pinned;
            if (isOpening)
                store.Tell(lie);
            vault = path switch
            {
                ReadPath.First => await world.OpenNewAsync(store, pinned: false),
                ReadPath.Pinned => await world.OpenNewAsync(store, pinned: true),
                _ => await world.OpenKnownAsync(store),
            };
            if (!isOpening)
                store.Tell(lie);
            await shown.WalkAsync(vault, path, store);
        }
        catch (Exception fault) when (fault is VaultException or StoreException)
        {
            shown.Fault = fault;
        }
        try
        {
            var findings = vault?.GetFindings().Select(static found => found.Finding).ToList() ?? [];
            if (shown.Fault is { } fault)
                return (Detected, $"{fault.GetType().Name}: {fault.Message}");
            if (findings.Find(static finding => finding.Kind is not FindingKind.Junk) is { } finding)
                return (Detected, $"{finding.Kind}: {finding.Message}");
            return shown.IsComplete ? (Harmless, findings.Count > 0 ? $"{findings[0].Kind}: {findings[0].Message}" : "nothing") : (Limit, shown.Missing);
        }
        finally
        {
            if (vault is not null)
                await vault.DisposeAsync();
        }
    }

    /// <summary>What a path has shown, held against what was written.</summary>
    private sealed class Shown(AttackWorld world)
    {
        private readonly List<string> _missing = [];

        public Exception? Fault { get; set; }

        public bool IsComplete => _missing.Count == 0;

        public string Missing => string.Join(", ", _missing);

        public async Task WalkAsync(Vault vault, ReadPath path, MaliciousStore store)
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
                    // Whatever it was told, nothing went that somebody needs.
                    store.BeHonest();
                    break;
            }
            foreach (var file in world.Files.Keys)
            {
                switch (path)
                {
                    case ReadPath.Read or ReadPath.Housekeep:
                        await ReadAsync(vault, file, null);
                        break;
                    case ReadPath.Range:
                        await ReadAsync(vault, file, new ByteRange(world.Files[file].Length / 2, 5));
                        break;
                    case ReadPath.Versions:
                        await VersionsAsync(vault, file);
                        break;
                    default:
                        await StatAsync(vault, file);
                        break;
                }
            }
            var listed = (await vault.NamesAsync("", new ListFilesOptions { Recursive = true })).ToHashSet();
            foreach (var name in listed)
                Assert.True(world.Contents.Contains(name), $"'{name}' was never written");
            _missing.AddRange(world.Files.Keys.Where(file => !listed.Contains(file)));
        }

        private async Task StatAsync(Vault vault, string file)
        {
            if (await vault.StatAsync(file) is not { } version)
                _missing.Add(file);
            else if (version.Size != world.Files[file].Length)
                Old(file, world.Contents[file].Any(content => content.Length == version.Size));
        }

        private async Task VersionsAsync(Vault vault, string file)
        {
            var versions = await vault.GetVersionsAsync(file);
            if (versions.Count != world.Contents[file].Count())
                _missing.Add($"versions of {file}");
            foreach (var version in versions)
                Assert.Contains(world.Contents[file], content => content.Length == version.Size);
        }

        /// <summary>Reads a file, or a part of it. One that cannot be read is an error to be told, and the next one is read all the same.</summary>
        private async Task ReadAsync(Vault vault, string file, ByteRange? range)
        {
            try
            {
                var bytes = await vault.ReadBytesAsync(file, new ReadFileOptions { Range = range });
                var expected = range is { } part ? world.Contents[file].Where(content => content.Length > part.Offset).Select(content => content[(int)part.Offset..(int)Math.Min(content.Length, part.Offset + 5)]) : world.Contents[file];
                Old(file, expected.Any(content => content.AsSpan().SequenceEqual(bytes)));
                if (range is null && !bytes.AsSpan().SequenceEqual(world.Files[file]))
                    _missing.Add($"the newest of {file}");
            }
            catch (Exception fault) when (fault is VaultException or StoreException)
            {
                Fault ??= fault;
            }
        }

        private static void Old(string file, bool isWritten) => Assert.True(isWritten, $"'{file}' was shown with a content that nobody wrote");
    }
}
