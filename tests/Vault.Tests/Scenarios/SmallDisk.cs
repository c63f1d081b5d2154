using System.Diagnostics;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>A file system of its own that is soon full. It takes the right to mount.</summary>
internal sealed class SmallDisk(string folder) : IAsyncDisposable
{
    public static async Task<SmallDisk> MountAsync(string folder, string size)
    {
        Directory.CreateDirectory(folder);
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "coffer-test", folder);
        return new SmallDisk(folder);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed: {error} This test needs the right to mount (root, or CAP_SYS_ADMIN in a container).");
    }

    public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", folder);
}
