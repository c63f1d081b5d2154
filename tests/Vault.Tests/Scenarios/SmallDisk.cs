using System.Diagnostics;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>A file system of its own that is soon full, or that can only be read. It takes the right to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Page = 4096;

    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    public static async Task<SmallDisk> MountAsync(string folder, string size)
    {
        Directory.CreateDirectory(folder);
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "coffer-test", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Takes all the room but so many bytes. The rest comes back with <see cref="MakeRoom"/>.</summary>
    public void Fill(long leave = 0)
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        var page = new byte[Page];
        while (new DriveInfo(_folder).AvailableFreeSpace >= leave + Page)
            filler.Write(page);
    }

    /// <summary>Emptied first: a process that another test is just starting may hold the file for a moment, and with it all of its room.</summary>
    public void MakeRoom()
    {
        using (new FileStream(Filler, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite))
            File.Delete(Filler);
    }

    /// <summary>Lets it be read only. Nobody may have a file open to write it.</summary>
    public Task RemountReadOnlyAsync() => RunAsync("mount", "-o", "remount,ro", _folder);

    public Task RemountForWritingAsync() => RunAsync("mount", "-o", "remount,rw", _folder);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed: {error} This test needs the right to mount (root, or CAP_SYS_ADMIN in a container).");
    }

    public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", _folder);
}
