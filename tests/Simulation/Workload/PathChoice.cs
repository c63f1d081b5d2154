using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>Which paths are written and read: a few that all meet at, so that versions collide, and some of one's own.</summary>
internal static class PathChoice
{
    private static readonly string[] Common = ["a", "b", "docs/a", "docs/b", "docs/deep/er/c", "docs-x", "img/Ünï çödé 日本.txt", "z/last"];

    private static readonly string[] Folders = ["", "", "docs", "docs/deep", "img", "own", "nowhere"];

    /// <summary>A name to write under; one of four is of a file that the writer seals to the other person, or to itself.</summary>
    public static string ForWrite(SimRandom random, Person writer, IReadOnlyList<Person> people) =>
        FileName.Of(Path(random), random.Chance(0.25) ? new FileSeal(writer.Id, random.Pick(people).Id) : null);

    public static string Path(SimRandom random) => random.Chance(0.75) ? random.Pick(Common) : $"own/{random.Below(40)}";

    public static string ForRead(SimRandom random, TeamModel model) =>
        model.Names.Count > 0 && random.Chance(0.8) ? model.Names.ElementAt(random.Below(model.Names.Count)) : Path(random);

    /// <summary>A name that somebody may change; of what another one sealed, the plain file beside it.</summary>
    public static string ForChange(SimRandom random, TeamModel model, Person writer) =>
        ForRead(random, model) is var name && FileName.IsOf(model.FileOf(name).Seal, writer) ? name : model.FileOf(name).Path;

    public static string Folder(SimRandom random) => random.Pick(Folders);
}
