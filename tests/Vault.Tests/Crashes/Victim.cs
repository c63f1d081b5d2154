using System.Globalization;
using Coffer.Vaults.Tests.Scenarios;
using Dice = Coffer.Testing.SeededRandom;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>
/// What a process does that is killed: it opens a vault, says so, and works until it is gone. Before each operation it prints <c>begin</c> with it, after it <c>done</c> with its number: what stands in the pipe by then
/// stays there.
/// </summary>
internal static class Victim
{
    public const string Role = "victim";
    public const string Writer = "writer";
    public const string Fault = "fault";
    public const string IsOpen = "open";
    public const string Begin = "begin";
    public const string Done = "done";

    /// <summary>Stands behind each line, so that one that was cut off is known.</summary>
    public const string EndOfLine = " .";

    private const int OperationsOfLane = 1_000;

    /// <summary>Arguments: what to do, the store's URL, the index, the identity, the creator, a name, the number of this run, and a seed.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            await using var store = ScenarioStore.Open(arguments[1]);
            using var me = PrivateId.Parse(arguments[3]);
            await using var vault = await Vault.OpenAsync(store, me, new VaultOpenOptions { IndexPath = arguments[2], Creator = PublicId.Parse(arguments[4]) });
            Say(IsOpen, string.Join("; ", vault.GetFindings().Select(static found => found.Finding.Message)));
            var run = int.Parse(arguments[6], CultureInfo.InvariantCulture);
            var seed = ulong.Parse(arguments[7], CultureInfo.InvariantCulture);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(lane => WriteAsync(vault, $"{arguments[5]}/{lane}", run, lane, new Dice(unchecked(seed + (ulong)lane)))));
        }
        catch (Exception fault)
        {
            Say(Fault, fault.ToString().ReplaceLineEndings(" | "));
        }
        return 1;
    }

    private static void Say(string word, string rest) => Console.WriteLine($"{word} {rest.ReplaceLineEndings(" ")}{EndOfLine}");

    /// <summary>Writes without end, one operation after the other, into units of its own.</summary>
    private static async Task WriteAsync(Vault vault, string folder, int run, int lane, Dice random)
    {
        for (var i = 0; i < OperationsOfLane; i++)
        {
            var isFolder = random.Chance(0.25);
            var unit = isFolder ? $"{folder}/batch{random.Next(2)}/" : $"{folder}/{random.Next(6)}";
            var paths = Operation.PathsOf(unit);
            var isDelete = random.Chance(0.2) && await vault.StatAsync(paths[0]) is not null;
            var operation = new Operation(((run * 3) + lane) * OperationsOfLane + i + 1, unit, isDelete ? [] : [.. paths.Select(_ => isFolder ? random.Next(20_000) : SizeOfSingle(random))]);
            Say(Begin, operation.ToString());
            if (isDelete)
                await vault.DeleteManyAsync(paths);
            else if (isFolder)
                await vault.WriteManyAsync(operation.Writes());
            else
                await vault.WriteAsync(unit, operation.Writes()[0].Content, operation.Writes()[0].Options);
            Say(Done, operation.Number.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>In the tail, in an object of its own, and now and then in two pieces.</summary>
    private static int SizeOfSingle(Dice random) => random.Next(100) switch
    {
        < 10 => 0,
        < 55 => 1 + random.Next(4096),
        < 80 => 4097 + random.Next(100_000),
        < 98 => 100_000 + random.Next(1 << 20),
        _ => (16 << 20) + 1 + random.Next(1 << 20),
    };
}
