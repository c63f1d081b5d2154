using System.Diagnostics;
using System.Globalization;
using System.Text;
using Coffer.Testing;

namespace Coffer.Stores.Local.Tests.Processes;

/// <summary>What another process does on the same store, and how a test starts it.</summary>
public static class OtherProcess
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
        return Process.Start(start)!;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var store = new LocalStore(new LocalStoreOptions { Root = arguments[1], Fsync = false });
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        switch (arguments[0])
        {
            case "create":
                await CreateAsync(store, Number(arguments[2]), Number(arguments[3]));
                return 0;
            case "count":
                await CountAsync(store, Number(arguments[2]));
                return 0;
            case "write-for-ever":
                await WriteForEverAsync(store);
                return 0;
            default:
                return 1;
        }
    }

    /// <summary>Creates one key a round, and tells the rounds that it won.</summary>
    private static async Task CreateAsync(LocalStore store, int writer, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            try
            {
                await store.PutBytesAsync(StoreKey.Parse($"race/{round}"), Content(writer, round), PutOptions.CreateOnly);
                Console.WriteLine(round);
            }
            catch (StoreException exception) when (exception.Kind == StoreErrorKind.AlreadyExists)
            {
            }
        }
    }

    /// <summary>A content whose length and bytes tell who wrote it.</summary>
    public static byte[] Content(int writer, int round) => Pattern.Bytes((ulong)((writer * 1000) + round), 2000 + (writer * 997));

    private static async Task CountAsync(LocalStore store, int times)
    {
        var key = StoreKey.Parse("counter");
        for (var done = 0; done < times;)
        {
            await using var reader = await store.OpenReadAsync(key);
            var value = int.Parse(Encoding.ASCII.GetString(await reader.ReadToEndAsync()), CultureInfo.InvariantCulture);
            try
            {
                await store.PutTextAsync(key, (value + 1).ToString(CultureInfo.InvariantCulture),
                    new PutOptions { Condition = PutCondition.IfMatch(reader.Info.Version!.Value) });
                done++;
            }
            catch (StoreException exception) when (exception.Kind == StoreErrorKind.ConditionFailed)
            {
            }
        }
    }

    /// <summary>Creates objects and replaces one, until it is killed; tells each when it is put.</summary>
    private static async Task WriteForEverAsync(LocalStore store)
    {
        for (var i = 0; ; i++)
        {
            await store.PutAsync(StoreKey.Parse("replaced"), ObjectBody.FromStream(new PatternStream((ulong)i, 500_000, most: 10_000), 500_000));
            await store.PutAsync(StoreKey.Parse($"created/{i}"), ObjectBody.FromStream(new PatternStream((ulong)i, 100_000, most: 10_000), 100_000), PutOptions.CreateOnly);
            Console.WriteLine(i);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
