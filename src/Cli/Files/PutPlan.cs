using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;

namespace Coffer.Cli.Files;

/// <summary>
/// Where each source of a <c>put</c> goes. As with <c>cp -r</c> a source keeps its own name when the target ends in <c>/</c>, is the root, or has several sources; else
/// the target is the new name. Unlike there, it makes no difference what is already at the target.
/// </summary>
internal static class PutPlan
{
    /// <summary>Standard input.</summary>
    public const string Input = "-";

    /// <summary>Pairs of a local path and a path in the vault. That path is empty only for a folder whose content goes into the root.</summary>
    /// <exception cref="ToolException">The command line makes no sense.</exception>
    public static IReadOnlyList<(string LocalPath, string VaultPath)> Make(IReadOnlyList<string> sources, VaultPlace target)
    {
        if (sources.Contains(Input, StringComparer.Ordinal))
            return [(Input, PathOfInput(sources, target))];
        var keepsNames = target.IsFolder || sources.Count > 1;
        var plan = new List<(string LocalPath, string VaultPath)>();
        foreach (var source in sources)
        {
            var name = NameOf(source);
            var path = keepsNames && name.Length > 0 ? target.Of(name) : target.Path;
            if (plan.Exists(other => string.Equals(other.VaultPath, path, StringComparison.Ordinal) && path.Length > 0))
                throw ToolException.Usage($"Two sources would both become {target.Vault}:{path}. Put them one after the other, or under two names.");
            plan.Add((source, path));
        }
        return plan;
    }

    /// <summary>The last segment; empty for <c>.</c>, <c>..</c> and the root, which stand for what is in them.</summary>
    private static string NameOf(string source)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(source));
        return name is "." or ".." ? "" : name;
    }

    private static string PathOfInput(IReadOnlyList<string> sources, VaultPlace target)
    {
        if (sources.Count > 1)
            throw ToolException.Usage("Standard input ('-') is put alone, because it has no name of its own.");
        return target.IsFolder
            ? throw ToolException.Usage($"Standard input has no name of its own. Write the whole path, such as {target.Vault}:{target.Of("notes.txt")}")
            : target.Path;
    }
}
