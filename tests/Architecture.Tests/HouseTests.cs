using System.Text.RegularExpressions;
using Xunit;

namespace Coffer.Architecture.Tests;

/// <summary>The house is in order.</summary>
public sealed partial class HouseTests
{
    private const int MostLines = 400;

    public static TheoryData<string> Folders => ["src", "tests", "bench", "samples"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Nothing_is_left_for_later(string folder) =>
        Assert.Empty(Repository.Sources(folder).Where(file => LeftForLater().IsMatch(File.ReadAllText(file))).Select(Repository.Relative));

    [Fact]
    public void No_source_file_holds_more_than_one_can_take_in() =>
        Assert.Empty(Repository.Sources("src").Where(file => File.ReadLines(file).Count() > MostLines).Select(Repository.Relative));

    [Fact]
    public void Every_link_in_the_docs_leads_somewhere()
    {
        var pages = Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories));
        var dead = from page in pages
                   from Match link in Link().Matches(File.ReadAllText(page))
                   let target = link.Groups[1].Value
                   where !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
                   select $"{Repository.Relative(page)}: {target}";

        Assert.Empty(dead);
    }

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b|NotImplemented" + @"Exception|Skip *= *""")]
    private static partial Regex LeftForLater();

    [GeneratedRegex(@"\]\(([^)#]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
