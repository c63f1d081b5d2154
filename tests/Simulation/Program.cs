using Coffer.Simulation;

RunOptions options;
try
{
    options = RunOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message} '--help' tells what there is.");
    return 2;
}
if (options.Help)
{
    Console.WriteLine(RunOptions.Usage);
    return 0;
}
if (options.WorkerFolder is { } folder)
    return WorkerLoop.Run(folder);
try
{
    SelfCheck.Run(Path.GetTempPath());
}
catch (SelfCheckException e)
{
    Console.Error.WriteLine(e.Message);
    return 4;
}
return await new SeedRange(options).RunAsync();
