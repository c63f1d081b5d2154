using Coffer.Simulation;

RunOptions options;
try
{
    options = RunOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(RunOptions.Usage);
    return 2;
}
try
{
    SelfCheck.Run(Path.GetTempPath());
}
catch (SelfCheckException e)
{
    Console.Error.WriteLine(e.Message);
    return 4;
}
return new SeedRange(options).Run();
