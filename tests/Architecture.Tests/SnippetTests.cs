using System.Text.RegularExpressions;
using Coffer.Architecture.Tests.Snippets;
using Xunit;

namespace Coffer.Architecture.Tests;

/// <summary>What the docs show is code that was compiled, and the tour runs.</summary>
public sealed partial class SnippetTests
{
    [Fact]
    public void Every_block_of_csharp_in_the_docs_is_a_snippet_of_compiled_code()
    {
        var compiled = Repository.Sources("tests/Architecture.Tests/Snippets").SelectMany(file => Compiled().Matches(File.ReadAllText(file)))
            .ToDictionary(match => match.Groups["name"].Value, match => Dedented(match.Groups["code"].Value));
        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository.Root, "README.md"));
        var blocks = 0;
        foreach (var page in pages)
        {
            foreach (Match block in Block().Matches(File.ReadAllText(page)))
            {
                blocks++;
                var name = block.Groups["name"].Value;
                Assert.True(compiled.TryGetValue(name, out var code), $"{Repository.Relative(page)} has a block of C# that is no snippet: '{name}'. Give it a line <!-- snippet: name --> and its code in tests/Architecture.Tests/Snippets.");
                Assert.Equal(code, block.Groups["code"].Value.Trim());
            }
        }
        Assert.True(blocks >= 3, "No snippet was found: has the notation changed?");
    }

    [Fact]
    public async Task The_snippets_of_the_README_run_one_after_the_other()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("coffer-tour-").FullName, "store");
        using var output = new StringWriter();

        var (salary, page) = await Tour.RunAsync(folder, output);

        Assert.Contains("plans/2027.txt, 6 bytes, by ", output.ToString());
        Assert.Equal("a lot"u8.ToArray(), salary);
        Assert.Equal("<html>"u8.ToArray(), page);
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public void The_snippets_stand_in_the_README_in_the_order_in_which_they_run()
    {
        var run = Compiled().Matches(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Architecture.Tests", "Snippets", "Tour.cs"))).Select(match => match.Groups["name"].Value);
        var shown = Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(match => match.Groups["name"].Value);

        Assert.Equal(run, shown.Where(run.Contains));
    }

    private static string Dedented(string text)
    {
        var lines = text.Trim('\n').Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length < indent ? "" : line[indent..])).Trim();
    }

    [GeneratedRegex(@"// snippet: (?<name>\S+)\n(?<code>.*?)// end", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Compiled();

    [GeneratedRegex(@"(<!-- snippet: (?<name>\S+) -->\n)?```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
