using System.Diagnostics;
using System.Globalization;
using Coffer.Testing;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>What another process does on the same vault, and how a test starts it.</summary>
internal static class OtherProcess
{
    public const string Argument = "--as-other-process";

    /// <summary>Starts the process. It waits before its work until it is told to go on.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        // Under `dotnet test.dll` the executable is the runtime, and needs to be told what to run.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.Ordinal))
            start.ArgumentList.Add(typeof(OtherProcess).Assembly.Location);
        foreach (var argument in (string[])[Argument, .. arguments])
            start.ArgumentList.Add(argument);
        // It lives too short to gain from what it would measure of itself.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Lets all go on at once, and waits until all have ended well. Gives what each said after the last of the words at which they wait for each other.</summary>
    public static async Task<string[]> RunAllAsync(IReadOnlyList<Process> processes, params string[] words)
    {
        try
        {
            foreach (var word in (string[])["ready", .. words])
            {
                foreach (var process in processes)
                {
                    var line = await process.StandardOutput.ReadLineAsync();
                    Assert.True(line == word, line == word ? "" : line + await process.StandardOutput.ReadToEndAsync());
                }
                foreach (var process in processes)
                    await process.StandardInput.WriteLineAsync();
                foreach (var process in processes)
                    await process.StandardInput.FlushAsync();
            }
            var said = new List<string>();
            foreach (var process in processes)
            {
                said.Add(await process.StandardOutput.ReadToEndAsync());
                await process.WaitForExitAsync();
                Assert.True(process.ExitCode == 0, said[^1]);
            }
            return [.. said];
        }
        finally
        {
            foreach (var process in processes)
                process.Dispose();
        }
    }

    /// <summary>Arguments: what to do, the store's URL, the index, the identity, the creator, how often, and a name.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var store = new HookedStore(ScenarioStore.Open(arguments[1]));
        using var me = PrivateId.Parse(arguments[3]);
        await using var vault = await Vault.OpenAsync(store, me, new VaultOpenOptions { IndexPath = arguments[2], Creator = PublicId.Parse(arguments[4]), SyncCooldown = TimeSpan.FromMinutes(1), Queue = new QueueOptions { Sends = arguments[0] != "accept" } });
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        var times = int.Parse(arguments[5], CultureInfo.InvariantCulture);
        try
        {
            if (arguments[0] is "upload" or "download")
                return await CarryAsync(vault, store, arguments[0], times, arguments[6]);
            if (arguments[0] == "large")
                return await WriteLargeAsync(vault, times);
            if (arguments[0].StartsWith("accept", StringComparison.Ordinal))
                return await AcceptAsync(vault, times);
            if (arguments[0] is "busy" or "rebuild-and-write" or "housekeep-and-write" or "queue" or "read")
                return await BeBusyAsync(vault, arguments[0], times, int.Parse(arguments[6], CultureInfo.InvariantCulture));
            for (var i = 0; i < times; i++)
            {
                switch (arguments[0])
                {
                    case "grant":
                        using (var somebody = PrivateId.Create())
                            await vault.SetAccessAsync(somebody.Public, AccessLevel.Read);
                        break;
                    case "rebuild":
                        await vault.RebuildIndexAsync();
                        Assert.Equal(arguments[6], string.Join(' ', await vault.AllAsync()));
                        break;
                    default:
                        await vault.WriteTextAsync($"{arguments[6]}/{i}", $"{i}");
                        break;
                }
            }
            return 0;
        }
        catch (Exception fault)
        {
            Console.WriteLine(fault);
            return 1;
        }
    }

    /// <summary>Contents of all kinds: empty, in a tail, in a row, spooled.</summary>
    public static byte[] QueuedContent(int number) => [.. Enumerable.Repeat((byte)number, number * 1_500)];

    /// <summary>Accepts files, says so, and waits for its death.</summary>
    private static async Task<int> AcceptAsync(Vault vault, int files)
    {
        var options = new WriteOptions { Mode = WriteMode.Async };
        for (var i = 0; i < files; i++)
            await vault.WriteAsync($"{i}", FileContent.FromBytes(QueuedContent(i)), options);
        Console.WriteLine("accepted");
        await Task.Delay(Timeout.Infinite);
        return 1;
    }

    /// <summary>Works, waits until all others have done their work too, and says what it has then.</summary>
    private static async Task<int> BeBusyAsync(Vault vault, string what, int rounds, int number)
    {
        await (what == "busy" ? BusyPeer.RunAsync(vault, rounds, number) : BusyPeer.DoAsync(vault, what, rounds, number));
        Console.WriteLine("worked");
        await Console.In.ReadLineAsync();
        Console.WriteLine(await BusyPeer.DescribeAsync(vault, number % BusyPeer.Shares));
        return 0;
    }

    /// <summary>Puts or gets a local file. When as many of its pieces are done, it says so, does no more, and waits for its death.</summary>
    private static async Task<int> CarryAsync(Vault vault, HookedStore store, string what, int pieces, string local)
    {
        var begun = 0;
        store.BeforePut = store.BeforeRead = async key =>
        {
            if (!key.StartsWith(StoredObjects.DataKeys, StringComparison.Ordinal) || Interlocked.Increment(ref begun) <= pieces)
                return;
            await Task.Delay(Timeout.Infinite);
        };
        // Some of them are under way still when the last one begins.
        var done = 0L;
        var progress = new ProgressLog();
        var carrying = what == "upload"
            ? vault.WriteAsync("large", FileContent.FromFile(local), new WriteOptions { Progress = progress })
            : vault.ReadToFileAsync("large", local, new ReadFileOptions { Progress = progress });
        while (done < pieces)
        {
            await Task.Delay(5);
            done = progress.Values.Count;
        }
        Console.WriteLine("cut");
        await carrying;
        return 1;
    }

    /// <summary>Writes a stream by way of the queue, and tells the most memory that the process had.</summary>
    private static async Task<int> WriteLargeAsync(Vault vault, int length)
    {
        await vault.WriteAsync("large", FileContent.FromStream(new Ones(length)), new WriteOptions { Mode = WriteMode.Async });
        await vault.WaitFilesAsync();
        using var me = Process.GetCurrentProcess();
        Console.WriteLine(me.PeakWorkingSet64);
        return 0;
    }

    /// <summary>A pipe of so many bytes.</summary>
    private sealed class Ones(long length) : ReadOnlyStream
    {
        private long _left = length;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            buffer[..count].Fill(1);
            _left -= count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }
}
