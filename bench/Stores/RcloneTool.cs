namespace Coffer.Bench.Stores;

/// <summary>Debian's <c>rclone</c> with a configuration of its own. It is installed when it is missing.</summary>
internal sealed class RcloneTool(TemporaryFolder folder)
{
    private const string Configuration = "rclone.conf";
    private const int AtATime = 16;

    /// <summary>rclone fails where this is set in the environment, as some machines have it, although nothing here uses TLS.</summary>
    private static readonly Dictionary<string, string> Environs = new() { ["AWS_CA_BUNDLE"] = "" };

    public static async Task<RcloneTool> CreateAsync(TemporaryFolder folder)
    {
        await DebianPackage.EnsureAsync("rclone", "rclone");
        return new RcloneTool(folder);
    }

    /// <summary>Copies all files of a folder to a folder of the remote that does not exist yet.</summary>
    public Task<Measurement> PutAsync(string source, RcloneRemote remote, string name) => CopyAsync("copy", source, $"bench:{remote.Path}/{name}", remote);

    /// <summary>Copies all files of the remote's folder to a folder that does not exist yet.</summary>
    public Task<Measurement> GetAsync(RcloneRemote remote, string name, string destination) => CopyAsync("copy", $"bench:{remote.Path}/{name}", destination, remote);

    /// <summary>Copies one file to a name on the remote.</summary>
    public Task<Measurement> PutFileAsync(string file, RcloneRemote remote, string name) => CopyAsync("copyto", file, $"bench:{remote.Path}/{name}", remote);

    /// <summary>Copies one file of the remote.</summary>
    public Task<Measurement> GetFileAsync(RcloneRemote remote, string name, string file) => CopyAsync("copyto", $"bench:{remote.Path}/{name}", file, remote);

    private async Task<Measurement> CopyAsync(string command, string from, string to, RcloneRemote remote)
    {
        await File.WriteAllLinesAsync(folder.At(Configuration), ["[bench]", .. remote.Settings]);
        // Nothing is at the destination, so it need not be looked at.
        return await MeasuredProcess.RunAsync("rclone",
            ["--config", folder.At(Configuration), command, "--transfers", $"{AtATime}", "--checkers", $"{AtATime}", "--no-check-dest", .. remote.Flags, from, to], Environs);
    }
}
