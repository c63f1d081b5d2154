using Coffer.Cli.Output;
using Spectre.Console;

namespace Coffer.Cli.Tests.Parsing;

public class ByteColumnsTests
{
    [Fact]
    public void A_bar_has_the_units_of_the_summary()
    {
        var task = new ProgressTask(1, "put", 3 << 20);
        task.Increment(1 << 20);
        Assert.Equal("1.00 MiB of 3.00 MiB", DoneColumn.TextOf(task));
        Assert.Equal("1.50 KiB/s", SpeedColumn.TextOf(1_536));
        Assert.Equal("-", SpeedColumn.TextOf(null));
    }
}
