namespace Coffer.Simulation;

/// <summary>Which paths are written and read: a few that all meet at, so that versions collide, and some of one's own.</summary>
internal static class PathChoice
{
    private static readonly string[] Common = ["a", "b", "docs/a", "docs/b", "docs/deep/er/c", "docs-x", "img/Ünï çödé 日本.txt", "z/last"];

    private static readonly string[] Folders = ["", "", "docs", "docs/deep", "img", "own", "nowhere"];

    public static string ForWrite(SimRandom random) => random.Chance(0.75) ? random.Pick(Common) : $"own/{random.Below(40)}";

    public static string ForRead(SimRandom random, TeamModel model) =>
        model.Paths.Count > 0 && random.Chance(0.8) ? model.Paths.ElementAt(random.Below(model.Paths.Count)) : ForWrite(random);

    public static string Folder(SimRandom random) => random.Pick(Folders);
}
