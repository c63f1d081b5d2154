namespace Coffer.Bench;

/// <summary>Programs that are measured beside ours, from Debian's packages.</summary>
internal static class DebianPackage
{
    /// <summary>Installs a package when its program is not on the path.</summary>
    public static async Task EnsureAsync(string program, string package)
    {
        if ((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(place => File.Exists(Path.Combine(place, program))))
            return;
        string[] sudo = Environment.IsPrivilegedProcess ? [] : ["sudo"];
        await RunAsync([.. sudo, "apt-get", "-o", "DPkg::Lock::Timeout=300", "update", "-qq"]);
        await RunAsync([.. sudo, "apt-get", "-o", "DPkg::Lock::Timeout=300", "install", "-y", "-qq", "--no-install-recommends", package]);
    }

    private static Task RunAsync(string[] command) => MeasuredProcess.RunAsync(command[0], command[1..]);
}
