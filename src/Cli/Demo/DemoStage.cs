using System.Text;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Cli.Demo;

/// <summary>A temporary folder with a home for each person. It runs real commands in it, and is gone in the end.</summary>
internal sealed class DemoStage : IDisposable
{
    private const int LongestArgument = 40;

    private readonly ToolInvocation _invocation;
    private readonly string _before = Environment.CurrentDirectory;

    public DemoStage(ToolInvocation invocation)
    {
        _invocation = invocation;
        Folder = Directory.CreateTempSubdirectory("coffer-demo-").FullName;
        Environment.CurrentDirectory = Folder;
    }

    /// <summary>The folder of all of it, which the commands run in.</summary>
    public string Folder { get; }

    /// <summary>All objects of the store with their contents, in the order of their keys.</summary>
    public static async Task<IReadOnlyList<(string Key, byte[] Content)>> ObjectsAsync(CancellationToken cancellationToken)
    {
        await using var store = new StoreRegistry().AddLocal().Open(StorePlace.Parse("./store"));
        var objects = new List<(string Key, byte[] Content)>();
        await foreach (var info in store.ListAsync(cancellationToken: cancellationToken))
            objects.Add((info.Key.Value, await store.ReadBytesAsync(info.Key, cancellationToken: cancellationToken)));
        return objects;
    }

    /// <summary>Tells a part of the story.</summary>
    public void Say(string text) => Write("\n" + text + "\n\n");

    /// <summary>Writes a line as the output of a command stands there.</summary>
    public void Show(string line) => Write("  " + line + "\n");

    /// <summary>Writes a small file, as its author would with an editor.</summary>
    public void Type(string person, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, path))!);
        File.WriteAllText(Path.Combine(Folder, path), text + "\n", new UTF8Encoding(false));
        Write($"  {person}$ echo '{text}' > {path}\n");
    }

    /// <summary>Runs a command as one person, and shows it with its output as on that person's terminal.</summary>
    /// <returns>The output, so that the story can go on with it.</returns>
    public async Task<string> RunAsync(string person, CancellationToken cancellationToken, params string[] arguments)
    {
        Write($"  {person}$ coffer {string.Join(' ', arguments.Select(Shortened))}\n");
        var output = await RunQuietlyAsync(person, cancellationToken, arguments);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Write("    " + (line.Length <= 110 ? line : line[..107] + "...") + "\n");
        return output;
    }

    /// <summary>Runs a command as one person, and shows nothing of it.</summary>
    public async Task<string> RunQuietlyAsync(string person, CancellationToken cancellationToken, params string[] arguments)
    {
        using var bytes = new MemoryStream();
        await using var output = new StreamWriter(bytes, new UTF8Encoding(false)) { NewLine = "\n" };
        var invocation = ToolInvocation.In(new CofferHome(Path.Combine(Folder, "home-of-" + person)), bytes, output);
        try
        {
            await CofferTool.RunAsync(arguments, invocation, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await output.WriteLineAsync("coffer: " + ErrorText.Of(e));
        }
        await output.FlushAsync(cancellationToken);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        Directory.Delete(Folder, recursive: true);
    }

    private void Write(string text)
    {
        _invocation.Output.Write(text);
        _invocation.Output.Flush();
    }

    private static string Shortened(string argument) => argument.Length <= LongestArgument ? argument : argument[..16] + "...";
}
