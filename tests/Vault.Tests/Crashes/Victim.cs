using System.Globalization;
using Coffer.Vaults.Tests.Scenarios;
using Dice = Coffer.Testing.SeededRandom;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>
/// What a process does that is killed: it opens a vault, says so, and works until it is gone. Before each operation it prints <c>begin</c> with it, after it <c>done</c> with its number: what stands in the pipe by then
/// stays there.
/// </summary>
internal static class Victim
{
    public const string Role = "victim";

    public const string Writer = "writer";
    public const string Housekeeper = "housekeeper";
    public const string Admin = "admin";

    public const string Fault = "fault";
    public const string IsOpen = "open";
    public const string Begin = "begin";
    public const string Done = "done";

    /// <summary>Stands behind each line, so that one that was cut off is known.</summary>
    public const string EndOfLine = " .";

    private const int Lanes = 3;

    /// <summary>A clock that is ahead, so that a commit may be packed as soon as it is there; of which alone it may be told.</summary>
    private static readonly TimeSpan HousekeepersLead = TimeSpan.FromMinutes(3);

    /// <summary>Arguments: what to do, the store's URL, the index, the identity, the creator, a text for what it does, the number of this run, and a seed.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            var time = new JumpingTime();
            if (arguments[0] == Housekeeper)
                time.Jump(HousekeepersLead);
            await using var store = ScenarioStore.Open(arguments[1]);
            using var me = PrivateId.Parse(arguments[3]);
            var options = new VaultOpenOptions { IndexPath = arguments[2], Creator = PublicId.Parse(arguments[4]), Environment = new VaultEnvironment { Time = time } };
            await using var vault = await Vault.OpenAsync(store, me, options);
            Say(IsOpen, string.Join("; ", vault.GetFindings().Where(static found => found.Finding.Kind != FindingKind.Clock).Select(static found => found.Finding.Message)));
            var run = int.Parse(arguments[6], CultureInfo.InvariantCulture);
            var seed = ulong.Parse(arguments[7], CultureInfo.InvariantCulture);
            await (arguments[0] switch
            {
                Writer => WriteAsync(vault, arguments[5], LocalSource.Of(Path.GetDirectoryName(arguments[2])!, run), run, seed),
                Housekeeper => HousekeepAsync(vault),
                Admin => ChangeMembersAsync(vault, [.. arguments[5].Split(',').Select(PublicId.Parse)], new Dice(seed)),
                _ => throw new ArgumentException($"'{arguments[0]}' is no role."),
            });
        }
        catch (Exception fault)
        {
            Say(Fault, fault.ToString());
        }
        return 1;
    }

    private static void Say(string word, string rest) => Console.WriteLine($"{word} {rest.ReplaceLineEndings(" | ")}{EndOfLine}");

    /// <summary>Several lanes at a time; the first of them puts the large local file now and then.</summary>
    private static Task WriteAsync(Vault vault, string folder, LocalSource source, int run, ulong seed) => Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane =>
    {
        var number = (run * Lanes) + lane;
        return new Workload(vault, $"{folder}/{lane}", (number * Workload.Operations) + 1, int.MaxValue, static operation => Say(Begin, operation.ToString()), static done => Say(Done, Text(done)))
        {
            Source = lane == 0 ? source : null,
            Queues = true,
        }.RunAsync(new Dice(unchecked(seed + (ulong)number)), static () => true);
    }));

    private static async Task HousekeepAsync(Vault vault)
    {
        while (true)
        {
            var report = await vault.HousekeepAsync(new HousekeepOptions { Bodies = true });
            if (report.NothingDeletedBecause is { } reason)
                throw new InvalidOperationException(reason);
            Say(Done, string.Join(' ', report.PacksMade, report.PacksMerged, report.CommitsDeleted, report.PacksDeleted));
        }
    }

    /// <summary>Grants and removes without end.</summary>
    private static async Task ChangeMembersAsync(Vault vault, IReadOnlyList<PublicId> people, Dice random)
    {
        while (true)
        {
            var person = random.Next(people.Count);
            var isMember = (await vault.GetMembersAsync()).Any(member => member.Id == people[person]);
            Say(Begin, Text(person));
            await vault.SetAccessAsync(people[person], isMember ? AccessLevel.None : AccessLevel.Read);
            Say(Done, Text(person));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
