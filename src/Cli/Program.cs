return await Coffer.Cli.CofferTool.RunAsync(args);
