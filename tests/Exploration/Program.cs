using Coffer.Exploration;

ExplorationOptions options;
try
{
    options = ExplorationOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message} '--help' tells what there is.");
    return 2;
}
if (options.Help)
{
    Console.WriteLine(ExplorationOptions.Usage);
    return 0;
}
return new Explorer(options).Run();
