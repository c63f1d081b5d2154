using System.Diagnostics;

namespace Coffer.Stores.Local.Tests;

/// <summary>A folder of a test's own, with a root for a store inside it that does not exist yet.</summary>
public sealed class TemporaryRoot : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-local-").FullName;
    private readonly List<string> _mounts = [];

    public string Root => Path.Combine(_folder, "store");

    /// <summary>A place beside the root, outside of the store.</summary>
    public string Outside => Path.Combine(_folder, "outside");

    public string Hidden => Path.Combine(Root, ".coffer-tmp");

    public string PathOf(string key) => Path.Combine(Root, key);

    public LocalStore Open(bool fsync = true) => new(new LocalStoreOptions { Root = Root, Fsync = fsync });

    /// <summary>The files of interrupted puts.</summary>
    public string[] TemporaryFiles => Directory.Exists(Hidden) ? Directory.GetFiles(Hidden, "put-*") : [];

    /// <summary>Mounts a file system of its own on the root, as these tests run with the right to. Where that is missing the test fails: it must not look as if it had passed.</summary>
    public async Task MountAsync(params string[] arguments)
    {
        Directory.CreateDirectory(Root);
        await RunAsync("mount", [.. arguments, Root]);
        if (!_mounts.Contains(Root, StringComparer.Ordinal))
            _mounts.Add(Root);
    }

    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed: {error} This test needs the right to mount (root, or CAP_SYS_ADMIN in a container).");
    }

    public void Dispose()
    {
        foreach (var mount in _mounts)
        {
            using var process = Process.Start("umount", ["-l", mount]);
            process.WaitForExit();
        }
        // Not Directory.Delete: it cannot remove a file whose name is not UTF-8, as one test makes.
        using var remove = Process.Start("rm", ["-rf", _folder]);
        remove.WaitForExit();
    }
}
