using System.Diagnostics;

namespace Coffer.TestServers;

/// <summary>
/// A server of a test class's own, started by the scripts beside this file, that may be killed and started again while the other tests talk to theirs.
/// </summary>
public sealed class PrivateServer : IAsyncDisposable
{
    private static readonly string Scripts = Path.Combine(AppContext.BaseDirectory, "servers");

    private readonly string _name;

    private PrivateServer(string folder, string name) => (Folder, _name) = (folder, name);

    /// <summary>Where it keeps its files.</summary>
    public string Folder { get; }

    /// <summary>The variables that up.sh sets for the tests, of this server.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Starts one, installing what is missing.</summary>
    /// <param name="name">As up.sh names it: <c>s3</c> or <c>azure</c>.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message has what the scripts wrote.</exception>
    public static async Task<PrivateServer> StartAsync(string name)
    {
        // Sockets lie in it, and their names have to be short.
        var folder = Directory.CreateTempSubdirectory("coffer-").FullName;
        try
        {
            await Task.Run(() => Run("up.sh", folder, name));
            var variables = (await File.ReadAllLinesAsync(Path.Combine(folder, "env")))
                .Select(static line => line.Split('=', 2)).ToDictionary(static line => line[0], static line => line[1].Trim('\''));
            return new PrivateServer(folder, name) { Variables = variables };
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    /// <summary>Ends it without notice: what it was doing stops in the middle. It is gone when this returns; so a body that is being read can do it at a certain byte.</summary>
    public void Kill() => Run("kill.sh", Folder, _name);

    /// <summary>Starts it again after <see cref="Kill"/>, on the same port, with the same data. It answers when this is done.</summary>
    public Task ReviveAsync() => Task.Run(() => Run("revive.sh", Folder, _name));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.Run(() => Remove(Folder));

    private static void Remove(string folder)
    {
        Run("down.sh", folder);
        Directory.Delete(folder, recursive: true);
    }

    private static void Run(string script, params string[] arguments)
    {
        // A server outlives its script and keeps what it inherits open: so the script writes to a file, for a pipe would not end.
        var log = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("bash", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", log, Path.Combine(Scripts, script), .. arguments]);
            // up.sh takes what these point at instead of starting a server.
            foreach (var variable in (string[])["COFFER_TEST_S3_URL", "COFFER_TEST_AZURE_URL"])
                start.Environment.Remove(variable);
            using var process = Process.Start(start)!;
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{script} {string.Join(' ', arguments)} ended with {process.ExitCode}: {File.ReadAllText(log)}");
        }
        finally
        {
            File.Delete(log);
        }
    }
}
