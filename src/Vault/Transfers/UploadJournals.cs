using Coffer.Vaults.Bodies;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Files;

namespace Coffer.Vaults.Transfers;

/// <summary>The folder beside the state with the journals of uploads that are under way or were cut off.</summary>
internal sealed class UploadJournals(VaultDevice device) : IDisposable
{
    private const string SealPurpose = "coffer/upload/v1";

    private readonly LocalSeal _seal = new(device.Identity, SealPurpose, device.Environment.Random);

    private string Folder => device.Paths.Uploads;

    /// <summary>
    /// The journal for the upload of a content; null when it is not worth one, because it has a single piece or cannot be read again, or when another upload of the same is under way: that one goes without.
    /// </summary>
    public UploadJournal? TryOpen(FileContent content, PublicId? recipient)
    {
        if (content.Length is not > PieceLayout.PieceSize || content.Source() is not { } source)
            return null;
        if (!Directory.Exists(Folder))
        {
            LocalPaths.CreateFolder(Folder);
            FolderSync.Flush(device.Paths.Folder);
        }
        // A copy of the folder on another machine is of no use there: its files may be others.
        var name = new LengthPrefixed("coffer/upload-name/v1").Add(MachineName.Read()).Add(source.Name).Add(recipient?.ToString() ?? "").Hash();
        if (TryHold(Path.Combine(Folder, Convert.ToHexStringLower(name.ToArray().AsSpan(0, 16))), FileMode.OpenOrCreate) is not { } file)
            return null;
        var journal = UploadJournal.Open(file, source, device.StoreNow, ObjectSink.DeadlineAt(device), _seal, device.Environment.Random);
        if (!journal.IsResumed)
            FolderSync.Flush(Folder);
        return journal;
    }

    /// <summary>Deletes what can not be gone on with any more, because its objects are too old.</summary>
    public void Sweep()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (var path in Directory.EnumerateFiles(Folder))
        {
            using var file = TryHold(path, FileMode.Open);
            if (file is null || UploadJournal.DeadlineOf(file, _seal) > device.StoreNow)
                continue;
            if (OperatingSystem.IsWindows())
                file.Dispose();
            File.Delete(path);
        }
    }

    /// <summary>The file, held against all others, and still under its name; null when somebody else has it.</summary>
    private static FileStream? TryHold(string path, FileMode mode)
    {
        try
        {
            var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (mode == FileMode.OpenOrCreate && !OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(path, options);
            if (File.Exists(path))
                return file;
            // Who held it was done with it in this instant.
            file.Dispose();
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose() => _seal.Dispose();
}
