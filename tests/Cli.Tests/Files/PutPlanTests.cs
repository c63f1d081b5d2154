using Coffer.Cli.Files;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;

namespace Coffer.Cli.Tests.Files;

public sealed class PutPlanTests
{
    [Theory]
    [InlineData("a.txt", "team:b.txt", "b.txt")]
    [InlineData("a.txt", "team:", "a.txt")]
    [InlineData("a.txt", "team:docs/", "docs/a.txt")]
    [InlineData("x/folder", "team:docs", "docs")]
    [InlineData("x/folder/", "team:docs/", "docs/folder")]
    [InlineData("x/folder", "team:", "folder")]
    [InlineData(".", "team:", "")]
    [InlineData("x/.", "team:docs/", "docs")]
    [InlineData("..", "team:docs", "docs")]
    [InlineData("/", "team:docs/", "docs")]
    public void One_source_takes_the_new_name_unless_the_target_is_a_folder(string source, string target, string path) =>
        Assert.Equal([(source, path)], PutPlan.Make([source], VaultPlace.Parse(target)));

    [Fact]
    public void Several_sources_keep_their_names() =>
        Assert.Equal([("a", "docs/a"), ("x/b", "docs/b")], PutPlan.Make(["a", "x/b"], VaultPlace.Parse("team:docs")));

    [Fact]
    public void Two_sources_never_become_one_file() =>
        Assert.Throws<ToolException>(() => PutPlan.Make(["x/a", "y/a"], VaultPlace.Parse("team:")));

    [Fact]
    public void Standard_input_needs_a_whole_path()
    {
        Assert.Equal([("-", "a/b")], PutPlan.Make(["-"], VaultPlace.Parse("team:a/b")));
        Assert.Throws<ToolException>(() => PutPlan.Make(["-"], VaultPlace.Parse("team:a/")));
        Assert.Throws<ToolException>(() => PutPlan.Make(["-", "a"], VaultPlace.Parse("team:b")));
    }
}
