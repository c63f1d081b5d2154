using Coffer.Testing;
using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>One request of a day fails, each in turn: before it did anything, or after, when only its answer is lost.</summary>
public sealed class One_failed_request
{
    [Fact]
    public async Task A_day_without_a_fault_goes_as_it_is_written()
    {
        await using var day = new ScriptedDay();
        Assert.InRange(await day.RunAsync(), 80, 400);
        Assert.Null(day.Met);
    }

    [Theory]
    [InlineData(FaultMoment.Before)]
    [InlineData(FaultMoment.After)]
    public async Task Whichever_request_of_a_day_fails_once_the_day_ends_right(FaultMoment moment)
    {
        int operations;
        await using (var day = new ScriptedDay())
            operations = await day.RunAsync();
        var faults = new List<string>();
        await Parallel.ForAsync(1, operations + 1, TestContext.Current.CancellationToken, async (operation, _) =>
        {
            await using var day = new ScriptedDay();
            day.Fail(operation, moment);
            try
            {
                await day.RunAsync();
            }
            catch (Exception fault)
            {
                lock (faults)
                    faults.Add($"Operation {operation} of {operations} ({day.Met ?? "met by nobody"}): {fault}");
            }
        });
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, [$"{faults.Count} days ended wrong.", .. faults]));
    }
}
