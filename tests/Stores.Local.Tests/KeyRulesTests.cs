namespace Coffer.Stores.Local.Tests;

/// <summary>What each kind of file system can keep. The rules are the same code everywhere, so those of Windows and macOS are tested here too.</summary>
public sealed class KeyRulesTests
{
    private static readonly KeyRules Linux = new(Windows: false, FoldsCase: false);
    private static readonly KeyRules Windows = new(Windows: true, FoldsCase: true);
    private static readonly KeyRules Mac = new(Windows: false, FoldsCase: true);

    [Theory]
    [InlineData("CON"), InlineData("a/con"), InlineData("nul.txt"), InlineData("Aux"), InlineData("prn.a.b"), InlineData("com1"), InlineData("LPT9.x"), InlineData("com²"), InlineData("conin$")]
    [InlineData("a."), InlineData("a /b"), InlineData("a<b"), InlineData("a:b"), InlineData("a|b"), InlineData("a?"), InlineData("a*"), InlineData("\"a\"")]
    public void Windows_cannot_keep(string key)
    {
        Assert.NotNull(Windows.Fault(StoreKey.Parse(key)));
        Assert.Null(Linux.Fault(StoreKey.Parse(key)));
    }

    [Theory]
    [InlineData("console"), InlineData("com"), InlineData("com10"), InlineData("lpt"), InlineData("a b"), InlineData(".hidden"), InlineData("commits/0001/a.b-c_d"), InlineData("nulls/x")]
    public void Every_system_keeps(string key)
    {
        Assert.Null(Windows.Fault(StoreKey.Parse(key)));
        Assert.Null(Mac.Fault(StoreKey.Parse(key)));
        Assert.Null(Linux.Fault(StoreKey.Parse(key)));
    }

    [Theory]
    [InlineData("Upper"), InlineData("a/B"), InlineData("caf\u00E9"), InlineData("cafe\u0301"), InlineData("ß")]
    public void Where_case_or_form_is_folded_only_lower_case_ASCII_is_kept(string key)
    {
        Assert.NotNull(Mac.Fault(StoreKey.Parse(key)));
        Assert.Null(Linux.Fault(StoreKey.Parse(key)));
    }

    [Theory]
    [InlineData(".coffer-tmp"), InlineData(".coffer-tmp/x"), InlineData(".Coffer-TMP/x")]
    public void The_hidden_folder_is_no_place_for_a_key(string key)
    {
        Assert.Contains("temporary", Linux.Fault(StoreKey.Parse(key)), StringComparison.Ordinal);
        Assert.Null(Linux.Fault(StoreKey.Parse("a/.coffer-tmp")));
    }

    [Fact]
    public void A_segment_has_255_bytes_at_most()
    {
        Assert.Null(Linux.Fault(StoreKey.Parse("a/" + new string('x', 255))));
        Assert.NotNull(Linux.Fault(StoreKey.Parse("a/" + new string('x', 256))));
        Assert.Null(Linux.Fault(StoreKey.Parse(new string('é', 127))));
        Assert.NotNull(Linux.Fault(StoreKey.Parse(new string('é', 128))));
    }
}
