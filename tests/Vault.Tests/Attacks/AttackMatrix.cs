using System.Text;
using Xunit;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>Every attack on every path: noticed, without effect, or a limit that the design names. The table is kept in docs/attacks.md.</summary>
public sealed class AttackMatrix(ITestOutputHelper output)
{
    private static readonly ReadPath[] Paths = Enum.GetValues<ReadPath>();

    [Fact]
    public async Task Every_attack_on_every_path_is_noticed_or_harmless_or_a_limit_that_is_named()
    {
        await using var world = await AttackWorld.CreateAsync();
        var wrong = new List<string>();
        var told = new StringBuilder();
        foreach (var attack in Attack.All)
        {
            var verdicts = new char[Paths.Length];
            foreach (var path in Paths)
            {
                var (verdict, why) = await TryAsync(world, attack, path, wrong);
                verdicts[(int)path] = verdict;
                told.AppendLine($"{attack.Name} / {path}: {verdict} {why}");
            }
            if (new string(verdicts) != attack.Expected)
                wrong.Add($"{attack.Name}: expected {attack.Expected}, and it is {new string(verdicts)}");
        }
        var table = AttackTable.Of(Attack.All);
        if (Environment.GetEnvironmentVariable(AttackTable.Renew) == "1")
            await File.WriteAllTextAsync(AttackTable.File, table, TestContext.Current.CancellationToken);
        output.WriteLine($"{Attack.All.Count} attacks on {Paths.Length} paths: {Attack.All.Count * Paths.Length} cells");
        if (wrong.Count > 0)
            output.WriteLine(told.ToString());
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(await File.ReadAllTextAsync(AttackTable.File, TestContext.Current.CancellationToken) == table, $"docs/attacks.md is not the table of the attacks that there are. Run this test once with {AttackTable.Renew}=1, and look at what has changed.");
    }

    private static async Task<(char Verdict, string Why)> TryAsync(AttackWorld world, Attack attack, ReadPath path, List<string> wrong)
    {
        try
        {
            return await AttackCell.RunAsync(world, attack, path);
        }
        catch (Exception fault)
        {
            wrong.Add($"{attack.Name} / {path}: {fault.Message.ReplaceLineEndings(" ")}");
            return ('?', "");
        }
    }
}
