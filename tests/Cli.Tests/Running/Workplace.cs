using System.Diagnostics;

namespace Coffer.Cli.Tests.Running;

/// <summary>A temporary folder with a store in it, and a home for each person who works there.</summary>
public sealed class Workplace : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("coffer-cli-tests-").FullName;

    public string Store => Path.Combine(Folder, "store");

    /// <summary>The store's URL. No test here lets the machine crash, so none waits for the disk.</summary>
    public string StoreUrl => $"file://{Store}?fsync=false";

    public string HomeOf(string person) => Path.Combine(Folder, "home-of-" + person);

    public string Local(string path) => Path.Combine(Folder, path);

    /// <summary>Runs the tool as a person.</summary>
    public Task<CofferRun> RunAsync(string person, params string[] arguments) => CofferProcess.RunAsync(HomeOf(person), Folder, arguments);

    public Task<CofferRun> RunAsync(string person, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        CofferProcess.RunAsync(HomeOf(person), Folder, arguments, environment);

    public Task<CofferRun> RunWithInputAsync(string person, byte[] input, params string[] arguments) =>
        CofferProcess.RunAsync(HomeOf(person), Folder, arguments, input: input);

    /// <summary>Runs a shell script as a person, in which <c>coffer</c> is the tool.</summary>
    public Task<CofferRun> ShellAsync(string person, string script) => CofferProcess.ShellAsync(HomeOf(person), Folder, script);

    /// <summary>Makes an identity, and gives its public id.</summary>
    public async Task<string> IdentityAsync(string person)
    {
        var run = await RunAsync(person, "id", "new", person, "--json");
        return run.Succeeded().Json.GetProperty("publicId").GetString()!;
    }

    /// <summary>Makes an identity and a vault 'team', which it creates.</summary>
    public async Task CreateAsync(string person)
    {
        await IdentityAsync(person);
        (await RunAsync(person, "create", "team", StoreUrl, "--as", person)).Succeeded();
    }

    /// <summary>Makes an identity, and lets it into the vault 'team', which it reaches by the URL that is given.</summary>
    public async Task<string> JoinAsync(string creator, string person, string access, string? url = null)
    {
        var id = await IdentityAsync(person);
        (await RunAsync(creator, "grant", "team", id, access)).Succeeded();
        var invitation = (await RunAsync(creator, "invite", "team")).Succeeded().Lines[^1];
        (await RunAsync(person, "join", "team", invitation, "--as", person, "--url", url ?? StoreUrl)).Succeeded();
        return id;
    }

    public string Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Local(path))!);
        File.WriteAllText(Local(path), text);
        return Local(path);
    }

    /// <summary>What <c>diff -r</c> has to say of two folders.</summary>
    public async Task<string> DiffAsync(string left, string right)
    {
        var run = await ShellAsync("nobody", $"diff -r --no-dereference '{left}' '{right}'");
        return run.Output + run.Error;
    }

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.Delete(Folder, recursive: true);
            return;
        }
        // The framework cannot name what a test gave a name that is no UTF-8, and a test may have taken away the right to look inside.
        using var remove = Process.Start("/bin/bash", ["-c", $"chmod -R u+rwx '{Folder}' 2> /dev/null; rm -rf '{Folder}'"]);
        remove.WaitForExit();
    }
}
