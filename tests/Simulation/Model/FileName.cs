using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>How the model names a file: a plain one by its path, a sealed one by its path and the two who can read it.</summary>
internal static class FileName
{
    // No path of a simulation has it.
    private const char Separator = '|';

    public static string Of(string path, FileSeal? seal) => seal is null ? path : string.Join(Separator, path, seal.Sender, seal.Recipient);

    public static string Of(FileVersion version) => Of(version.Path, version.Seal);

    public static (string Path, FileSeal? Seal) Parse(string name) =>
        name.Split(Separator) is [var path, var sender, var recipient] ? (path, new FileSeal(PublicId.Parse(sender), PublicId.Parse(recipient))) : (name, null);

    /// <summary>Whether somebody may see it.</summary>
    public static bool IsFor(FileSeal? seal, Person person) => seal is null || seal.Sender == person.Id || seal.Recipient == person.Id;

    /// <summary>Whether somebody can write and delete it.</summary>
    public static bool IsOf(FileSeal? seal, Person person) => seal is null || seal.Sender == person.Id;
}
