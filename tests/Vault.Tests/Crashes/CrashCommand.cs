using System.Globalization;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>The tests of this folder for as long as somebody wishes: <c>crash --kills 5000 --seed 7 --only writer</c>.</summary>
internal static class CrashCommand
{
    public const string Name = "crash";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (kills, seed, only) = (1_000, (ulong)Environment.TickCount64, (string?)null);
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
                case "--only" when arguments[i + 1] is Victim.Writer or Victim.Housekeeper or Victim.Admin:
                    only = arguments[i + 1];
                    break;
                default:
                    Console.Error.WriteLine($"'{arguments[i]} {arguments[i + 1]}' is not known. Give --kills N, --seed N, and --only {Victim.Writer}, {Victim.Housekeeper} or {Victim.Admin}.");
                    return 2;
            }
        }
        try
        {
            foreach (var role in only is null ? (string[])[Victim.Writer, Victim.Housekeeper, Victim.Admin] : [only])
            {
                Console.WriteLine($"{role}, {kills} kills, seed {seed}");
                await (role switch
                {
                    Victim.Writer => new WriterCrashes(kills, seed, Console.WriteLine).RunAsync(),
                    Victim.Housekeeper => new HousekeeperCrashes(kills, seed, Console.WriteLine).RunAsync(),
                    _ => new LedgerCrashes(kills, seed, Console.WriteLine).RunAsync(),
                });
            }
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
