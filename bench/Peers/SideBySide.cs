using System.Globalization;

namespace Coffer.Bench;

/// <summary>Puts and gets one input with coffer and with restic, in turn, and shows both.</summary>
internal static class SideBySide
{
    /// <summary>Runs all rounds. What comes back is compared with the input each time.</summary>
    /// <param name="title">What the input is.</param>
    /// <param name="options">Rounds, folder, executable.</param>
    /// <param name="makeInput">Makes the input in the folder and gives its path.</param>
    public static async Task RunAsync(string title, BenchOptions options, Func<TemporaryFolder, Task<string>> makeInput)
    {
        using var folder = TemporaryFolder.Create(options);
        var input = await makeInput(folder);
        var coffer = await CofferTool.CreateAsync(options, folder);
        var restic = new ResticTool(folder);
        var puts = new List<Measurement>();
        var gets = new List<Measurement>();
        var backups = new List<Measurement>();
        var restores = new List<Measurement>();
        for (var round = 0; round < options.Rounds; round++)
        {
            await coffer.StartOverAsync();
            await MeasuredProcess.SettleAsync();
            puts.Add(await coffer.PutAsync(input, "input"));
            await MeasuredProcess.SettleAsync();
            gets.Add(await coffer.GetAsync("input", folder.At("got")));
            await CompareAsync(input, folder.At("got"));
            folder.Delete("got");

            await restic.StartOverAsync();
            await MeasuredProcess.SettleAsync();
            backups.Add(await restic.BackupAsync(input));
            await MeasuredProcess.SettleAsync();
            restores.Add(await restic.RestoreAsync(folder.At("restored")));
            await CompareAsync(input, folder.At("restored") + input);
            folder.Delete("restored");
        }
        var table = new Table($"{title}, median of {options.Rounds}", "coffer s", "restic s", "ratio", "coffer MiB", "restic MiB");
        Add(table, "put / backup", puts, backups);
        Add(table, "get / restore", gets, restores);
        table.Print();
    }

    private static void Add(Table table, string what, List<Measurement> ours, List<Measurement> theirs)
    {
        var (our, their) = (LocalBodies.Median(ours, one => one.Seconds), LocalBodies.Median(theirs, one => one.Seconds));
        table.Add(what, Number(our), Number(their), Number(our / their),
            Number(LocalBodies.Median(ours, one => one.PeakMiB), "0"), Number(LocalBodies.Median(theirs, one => one.PeakMiB), "0"));
    }

    private static Task<Measurement> CompareAsync(string expected, string actual) => MeasuredProcess.RunAsync("diff", ["-rq", expected, actual]);

    private static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
