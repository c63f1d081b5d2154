using System.Globalization;

namespace Coffer.Bench;

/// <summary>Puts and gets one input with coffer and with its peers, in turn, and shows all.</summary>
internal static class SideBySide
{
    /// <summary>Runs all rounds. What comes back is compared with the input each time.</summary>
    /// <param name="title">What the input is.</param>
    /// <param name="options">Rounds, folder, executable.</param>
    /// <param name="makeInput">Makes the input in the folder and gives its path.</param>
    public static async Task RunAsync(string title, BenchOptions options, Func<TemporaryFolder, Task<string>> makeInput)
    {
        using var folder = TemporaryFolder.Create(options);
        await using var place = await BenchPlace.OpenAsync(options, folder);
        var input = await makeInput(folder);
        var memory = MemoryFor(input);
        var tools = await ToolsAsync(options, folder, place);
        var puts = tools.ToDictionary(tool => tool, _ => new List<PutMeasurement>());
        var gets = tools.ToDictionary(tool => tool, _ => new List<Measurement>());
        try
        {
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var tool in tools)
                {
                    await tool.StartOverAsync();
                    await MeasuredProcess.SettleAsync();
                    ReadyMemory.Touch(memory);
                    puts[tool].Add(await tool.PutAsync(input));
                    await tool.BetweenAsync();
                    await MeasuredProcess.SettleAsync();
                    ReadyMemory.Touch(memory);
                    var (measurement, got) = await tool.GetAsync(input, folder.At("got"));
                    gets[tool].Add(measurement);
                    await MeasuredProcess.RunAsync("diff", ["-rq", input, got]);
                    folder.SetAside("got");
                }
            }
        }
        finally
        {
            foreach (var tool in tools)
                await tool.EndAsync();
        }
        Print($"put {title}, {place.Title}", options, tools, tool => puts[tool].Select(put => put.Program with { Seconds = put.Program.Seconds + put.SyncSeconds }), tool => puts[tool].Select(put => put.SyncSeconds).Order().ElementAt(options.Rounds / 2));
        Print($"get {title}, {place.Title}", options, tools, tool => gets[tool], _ => 0);
    }

    /// <summary>For what is written, for what a server keeps of it, and for the tool.</summary>
    private static long MemoryFor(string input) =>
        (3 * (File.Exists(input) ? new FileInfo(input).Length : new DirectoryInfo(input).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length))) + (512L << 20);

    private static async Task<IReadOnlyList<IFileTool>> ToolsAsync(BenchOptions options, TemporaryFolder folder, BenchPlace place)
    {
        var tools = new List<IFileTool> { await CofferTool.CreateAsync(options, folder, place), await ResticTool.CreateAsync(folder, place), await RcloneCryptTool.CreateAsync(folder, place) };
        if (!place.IsLocal)
            return tools;
        tools.Add(await BorgTool.CreateAsync(folder));
        if (await GocryptfsTool.CreateAsync(folder) is { } gocryptfs)
            tools.Add(gocryptfs);
        return tools;
    }

    private static void Print(string title, BenchOptions options, IReadOnlyList<IFileTool> tools, Func<IFileTool, IEnumerable<Measurement>> runs, Func<IFileTool, double> sync)
    {
        var table = new Table($"{title}, median of {options.Rounds}", "seconds", "of it sync -f", "processor s", "peak MiB", "coffer's ratio");
        var medians = tools.Select(tool => (Tool: tool, Runs: runs(tool).ToList())).ToList();
        var ours = LocalBodies.Median(medians[0].Runs, run => run.Seconds);
        var fastest = medians.Skip(1).MinBy(peer => LocalBodies.Median(peer.Runs, run => run.Seconds)).Tool;
        foreach (var (tool, all) in medians)
        {
            var seconds = LocalBodies.Median(all, run => run.Seconds);
            table.Add(tool.Name, Number(seconds), sync(tool) is > 0 and var waited ? Number(waited) : "", Number(LocalBodies.Median(all, run => run.ProcessorSeconds)),
                Number(LocalBodies.Median(all, run => run.PeakMiB), "0"), tool == medians[0].Tool ? "" : Number(ours / seconds) + (tool == fastest ? " <- fastest peer" : ""));
        }
        table.Print();
    }

    private static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
