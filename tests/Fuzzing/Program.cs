using Coffer.Fuzzing;

FuzzOptions options;
try
{
    options = FuzzOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message} '--help' tells what there is.");
    return 2;
}
if (options.Help)
{
    Console.WriteLine(FuzzOptions.Usage);
    return 0;
}
if (!options.IsWorker)
    return InstrumentedCopy.Run(args);
Coverage.Prepare();
return await FuzzRun.RunAsync(options);
