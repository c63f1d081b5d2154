using System.Globalization;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>The tests of this folder for as long as somebody wishes: <c>crash --kills 5000 --seed 7</c>.</summary>
internal static class CrashCommand
{
    public const string Name = "crash";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (kills, seed) = (1_000, (ulong)Environment.TickCount64);
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            switch (arguments[i])
            {
                case "--kills":
                    kills = int.Parse(arguments[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "--seed":
                    seed = ulong.Parse(arguments[i + 1], CultureInfo.InvariantCulture);
                    break;
                default:
                    Console.Error.WriteLine($"'{arguments[i]}' is not known. Give --kills N and --seed N.");
                    return 2;
            }
        }
        Console.WriteLine($"{kills} kills, seed {seed}");
        try
        {
            await using var writers = new WriterCrashes(kills, seed, Console.WriteLine);
            await writers.RunAsync();
            Console.WriteLine("Nothing was lost.");
            return 0;
        }
        catch (Exception fault)
        {
            Console.WriteLine(fault);
            return 1;
        }
    }
}
