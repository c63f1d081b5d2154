using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>A temporary file, with the folder that it lies in.</summary>
internal sealed class LinuxTemporaryFile(SafeFileHandle handle, SafeFileHandle folder, string name, string path) : TemporaryFile
{
    public override SafeFileHandle Handle => handle;

    public override string Path => path;

    public SafeFileHandle Folder => folder;

    public string Name => name;

    /// <summary>Whether its temporary name is still there. A renamed file has lost it.</summary>
    public bool HasName { get; set; } = true;

    public override void Dispose()
    {
        handle.Dispose();
        if (HasName)
            _ = Libc.UnlinkAt(folder, name, 0);
        HasName = false;
        folder.Dispose();
    }
}
