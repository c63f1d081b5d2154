using Coffer.Cli.Parsing;

namespace Coffer.Cli.Tests.Parsing;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4_096)]
    [InlineData("17B", 17)]
    [InlineData("10GiB", 10L << 30)]
    [InlineData("10gib", 10L << 30)]
    [InlineData("1.5 KiB", 1_536)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("1kB", 1_000)]
    [InlineData("2TiB", 2L << 40)]
    public void Sizes_are_read_with_binary_and_decimal_units(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1.0001KiB")]
    [InlineData("10 apples")]
    [InlineData("1e9")]
    [InlineData("99999999999PiB")]
    [InlineData("1..5GiB")]
    public void What_is_no_size_is_refused(string text) => Assert.Throws<FormatException>(() => ByteSize.Parse(text));

    [Fact]
    public void A_unit_with_two_meanings_is_refused_with_both_of_them()
    {
        var error = Assert.Throws<FormatException>(() => ByteSize.Parse("10G"));
        Assert.Contains("10GiB", error.Message);
        Assert.Contains("10GB", error.Message);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_024, "1.00 KiB")]
    [InlineData(1_023, "1.00 KiB")]
    [InlineData(1_536, "1.50 KiB")]
    [InlineData(10_240, "10.0 KiB")]
    [InlineData(102_400, "100 KiB")]
    [InlineData(1L << 30, "1.00 GiB")]
    public void Sizes_are_shown_with_three_digits(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));
}
