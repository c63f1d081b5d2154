using System.Collections.Concurrent;
using Coffer.Cli.Invocation;

namespace Coffer.Cli.Files;

/// <summary>
/// The folder that a <c>get</c> fills. Nothing is ever written outside of it: a path out of a vault has no <c>..</c>, and a symbolic link below this folder, whoever
/// made it, is never gone through, because a member could have put it there before it put a file behind it.
/// </summary>
internal sealed class RestoreRoot(string root)
{
    private readonly ConcurrentDictionary<string, bool> _folders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>? _taken = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? new(StringComparer.OrdinalIgnoreCase) : null;

    /// <summary>The local path for a path below the root, with all folders above it made.</summary>
    /// <exception cref="ToolException">It cannot be there; the message says why.</exception>
    public string Place(string relative)
    {
        var segments = relative.Split('/');
        foreach (var segment in segments)
        {
            if (LocalName.Fault(segment, OperatingSystem.IsWindows()) is { } fault)
                throw new ToolException($"this machine cannot keep the name '{segment}': {fault}");
        }
        if (_taken?.GetOrAdd(relative, relative) is { } other && !string.Equals(other, relative, StringComparison.Ordinal))
            throw new ToolException($"this machine takes it for the same name as '{other}'");
        EnsureRoot();
        var folder = root;
        foreach (var segment in segments[..^1])
            EnsureFolder(folder = Path.Combine(folder, segment));
        return Path.Combine(folder, segments[^1]);
    }

    /// <summary>Makes the root itself, when it is not there. A link to a folder is fine here: the person named it.</summary>
    public void EnsureRoot()
    {
        if (_folders.ContainsKey(root))
            return;
        if (File.Exists(root))
            throw new ToolException($"{root} is a file, and a folder is needed there. Move it away first");
        Directory.CreateDirectory(root);
        _folders[root] = true;
    }

    /// <summary>Makes a folder below the root, unless there is one.</summary>
    /// <exception cref="ToolException">Something else has its name.</exception>
    public void EnsureFolder(string path)
    {
        if (_folders.ContainsKey(path))
            return;
        var there = new FileInfo(path);
        if (there.LinkTarget is not null)
            throw new ToolException($"{path} is a symbolic link, and nothing is written through those. Move it away first");
        if (there.Exists)
            throw new ToolException($"{path} is a file, and a folder is needed there. Move it away first");
        Directory.CreateDirectory(path);
        _folders[path] = true;
    }
}
