namespace Coffer.Cli.Files;

/// <summary>What a file in a vault stands for on a file system.</summary>
internal enum EntryKind
{
    File,

    /// <summary>A symbolic link: no content, and its target in the attributes.</summary>
    Link,

    /// <summary>A folder that needs a record of its own, as it is empty or not for everybody: no content.</summary>
    Folder,
}
