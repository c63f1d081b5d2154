using Coffer.Cli.Parsing;

namespace Coffer.Cli.Tests.Parsing;

public sealed class DurationTests
{
    [Theory]
    [InlineData("30d", 30 * 86_400)]
    [InlineData("1d12h", 36 * 3_600)]
    [InlineData("2w", 14 * 86_400)]
    [InlineData("90m", 5_400)]
    [InlineData("45s", 45)]
    [InlineData("1w1d1h1m1s", 694_861)]
    public void Lengths_of_time_are_read(string text, long seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("d")]
    [InlineData("0d")]
    [InlineData("1h1d")]
    [InlineData("1d1d")]
    [InlineData("-1d")]
    [InlineData("1.5d")]
    [InlineData("1y")]
    [InlineData("99999999999999d")]
    [InlineData("10675199d24h")]
    public void What_is_no_length_of_time_is_refused(string text) => Assert.Throws<FormatException>(() => Duration.Parse(text));

    [Theory]
    [InlineData(86_400, "1d")]
    [InlineData(129_600, "1d12h")]
    [InlineData(61, "1m1s")]
    public void Lengths_of_time_are_shown_as_they_are_read(long seconds, string text)
    {
        Assert.Equal(text, Duration.Format(TimeSpan.FromSeconds(seconds)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));
    }
}
