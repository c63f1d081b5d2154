using System.Globalization;
using System.Security.Cryptography;
using Coffer.Testing;
using Xunit;
using Utf8 = System.Text.Encoding;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>One of many processes that write, read and poll one vault, each in its own way, and in the end say what they have.</summary>
internal static class BusyPeer
{
    /// <summary>This one begins its index anew in the middle.</summary>
    public const int Rebuilds = 3;

    /// <summary>This one keeps house in the middle.</summary>
    public const int Housekeeps = 5;

    public const int FilesOfBatch = 3;

    /// <summary>Each reads one share of the contents in the end, as so many requests are enough for a server of two cores.</summary>
    public const int Shares = 4;

    private const int SharedPaths = 3;

    /// <summary>How many versions, deletes too, each brings.</summary>
    public static int VersionsOf(int rounds) => (rounds * (2 + FilesOfBatch)) + 1;

    /// <summary>Writes files of its own, a file that others write too, and batches; deletes one; and reads what others wrote.</summary>
    public static async Task RunAsync(Vault vault, int rounds, int number)
    {
        for (var round = 0; round < rounds; round++)
        {
            await WriteAsync(vault, Text($"own/{number}/{round}"), round % 2 == 0 ? 500 : 20_000);
            await WriteAsync(vault, Text($"shared/{(number + round) % SharedPaths}"), 100 + number);
            await vault.WriteManyAsync([.. Enumerable.Range(0, FilesOfBatch).Select(i => Write(Text($"batch/{number}/{round}/{i}"), 1_000 * i))]);
            if (round == rounds / 2)
            {
                await vault.DeleteAsync(Text($"own/{number}/0"));
                if (number == Rebuilds)
                    await vault.RebuildIndexAsync();
                if (number == Housekeeps)
                    await vault.HousekeepAsync(new HousekeepOptions { Bodies = true });
            }
            foreach (var path in (await StayingAsync(vault)).Where((_, i) => i % 7 == (number + round) % 7))
                RequireContent(path, await vault.ReadBytesAsync(path));
            await RequireWholeBatchesAsync(vault);
        }
    }

    /// <summary>Does one thing over and over, and, but for who only reads, brings one file each time.</summary>
    public static async Task DoAsync(Vault vault, string what, int rounds, int number)
    {
        for (var round = 0; round < rounds; round++)
        {
            var path = Text($"own/{number}/{1 + round}");
            switch (what)
            {
                case "rebuild-and-write":
                    await vault.RebuildIndexAsync();
                    await WriteAsync(vault, path, 700);
                    break;
                case "housekeep-and-write":
                    await WriteAsync(vault, path, 9_000);
                    await vault.HousekeepAsync(new HousekeepOptions { Bodies = true });
                    break;
                case "queue":
                    await vault.WriteAsync(path, Write(path, 100_000).Content, new WriteOptions { Mode = WriteMode.Async });
                    await vault.WaitFilesAsync();
                    break;
            }
            // What this process was told is done, it sees, whoever begins the index anew meanwhile.
            if (what != "read")
                RequireContent(path, await vault.ReadBytesAsync(path));
            foreach (var other in await StayingAsync(vault))
                RequireContent(other, await vault.ReadBytesAsync(other));
            await RequireWholeBatchesAsync(vault);
        }
    }

    /// <summary>What a vault has, in its order, as a digest: the listing, all versions, and the contents of a share of them.</summary>
    public static async Task<string> DescribeAsync(Vault vault, int share)
    {
        await vault.SyncAsync();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(string.Join('\n', await vault.NamesAsync("", new ListFilesOptions { Recursive = true })));
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var entry in vault.ListAsync("", new ListFilesOptions { Recursive = true }))
            paths.Add(entry.Path);
        // What is hidden by a delete is in no listing.
        for (var number = 0; number <= byte.MaxValue; number++)
            paths.Add(Text($"own/{number}/0"));
        var versions = 0;
        foreach (var path in paths)
        {
            foreach (var version in await vault.GetVersionsAsync(path))
            {
                versions++;
                Add(Text($"{path} {version.Id} {version.Author} {version.IsDelete} {version.Size}"));
                if (version.IsDelete || versions % Shares != share)
                    continue;
                var content = await vault.ReadBytesAsync(path, new ReadFileOptions { VersionId = version.Id });
                if (!path.StartsWith("shared/", StringComparison.Ordinal))
                    RequireContent(path, content);
                hash.AppendData(SHA256.HashData(content));
            }
        }
        return Text($"{versions} versions, {vault.GetFindings().Count} findings, {Convert.ToHexStringLower(hash.GetHashAndReset())}");

        void Add(string line) => hash.AppendData(Utf8.UTF8.GetBytes(line + "\n"));
    }

    /// <summary>All files but those that their writer deletes, perhaps between this listing and a read.</summary>
    private static async Task<IEnumerable<string>> StayingAsync(Vault vault) =>
        (await vault.AllAsync()).Where(static path => !path.StartsWith("own/", StringComparison.Ordinal) || !path.EndsWith("/0", StringComparison.Ordinal));

    private static Task WriteAsync(Vault vault, string path, int length) => vault.WriteAsync(path, Write(path, length).Content);

    private static FileWrite Write(string path, int length) => new(path, FileContent.FromBytes(ContentOf(path, length)));

    /// <summary>The content tells whose path it is; in a shared one only who wrote last knows how long it is.</summary>
    private static void RequireContent(string path, byte[] content) => Assert.True(ContentOf(path, content.Length).AsSpan().SequenceEqual(content), $"{path} has another content.");

    /// <summary>A batch is there as a whole or not at all.</summary>
    private static async Task RequireWholeBatchesAsync(Vault vault)
    {
        var names = await vault.NamesAsync("batch", new ListFilesOptions { Recursive = true });
        Assert.All(names.GroupBy(static name => name[..name.LastIndexOf('/')]), static batch => Assert.Equal(FilesOfBatch, batch.Count()));
    }

    /// <summary>The path gives the bytes, the same in every process.</summary>
    private static byte[] ContentOf(string path, int length) => Pattern.Bytes(BitConverter.ToUInt64(SHA256.HashData(Utf8.UTF8.GetBytes(path))), length);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
