using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>What must hold when everything has come to rest.</summary>
internal sealed class FinalCheck(SimWorld world, MemoryStore store)
{
    private readonly SimContext _context = world.Context;
    private readonly List<(Device Device, Dump Dump)> _first = [];

    public async Task RunAsync()
    {
        foreach (var device in world.Readers)
            await device.Feed.FollowAsync((2 * device.Cooldown) + TimeSpan.FromSeconds(1), world.Model);
        foreach (var device in world.Readers)
            Compare(device, await Dump.OfAsync(device, world));
        await CheckNewDevicesAsync();
        await CheckRebuildAsync();
        if (_first.Count > 0)
            new KeptCheck(world, [.. _first.Select(shown => shown.Dump)]).Run();
        foreach (var device in world.Devices.Where(device => device.IsOpen))
            await CheckFindingsAsync(device);
        await new LedgerCheck(store, world).RunAsync();
        await new ChainCheck(store, world.Realm, world.IsMortal, _context).RunAsync();
    }

    /// <summary>An index that begins with nothing comes to the same, for each person, and of a public vault for everybody else.</summary>
    private async Task CheckNewDevicesAsync()
    {
        IEnumerable<Person> others = world.IsPublic ? [new Person("nobody", PrivateId.Create(new SeededBytes(_context.Stream("identity/nobody"))), isOwner: false, readsPublic: true) { IsAnonymous = true }] : [];
        foreach (var person in world.People.Concat(others).Where(person => person.MayReadInTheEnd))
        {
            var device = world.NewDevice($"{person.Name}-new", person);
            device.Time.Mend();
            if (!await device.OpenAsync())
            {
                _context.Violation($"{device.Name} could not open the vault on a quiet store");
                continue;
            }
            await device.SyncAsync();
            Compare(device, await Dump.OfAsync(device, world));
            await CheckFindingsAsync(device);
            if (person.IsAnonymous)
                _context.Counters.Add("public vaults that were read without an identity");
            if (person.IsOwner)
                await new NeededObjectsCheck(world, store, device).RunAsync();
            await device.CloseAsync();
        }
    }

    /// <summary>An index that is built anew comes to the same.</summary>
    private async Task CheckRebuildAsync()
    {
        var device = world.Readers.Last();
        var result = await device.CallAsync("rebuild", vault => vault.RebuildIndexAsync());
        if (!result.Succeeded)
            _context.Violation($"{device.Name} could not rebuild its index on a quiet store: {AllowedErrors.Trace(result.Error!)}");
        Compare(device, await Dump.OfAsync(device, world));
    }

    /// <summary>Holds what a device shows against what others have shown; the first of each person is kept for that.</summary>
    private void Compare(Device device, Dump? dump)
    {
        if (dump is null)
            return;
        foreach (var (other, shown) in _first)
        {
            if (shown.DifferenceTo(dump) is { } difference)
                _context.Violation($"{other.Name} and {device.Name} do not show the same: {difference}");
        }
        if (!_first.Exists(shown => shown.Device.Person == device.Person))
            _first.Add((device, dump));
        device.Feed.Check(dump.Versions, world.Model);
    }

    /// <summary>An honest store, however unlucky, never raises an integrity error; only a cut-off takes back or refuses.</summary>
    private async Task CheckFindingsAsync(Device device)
    {
        var result = await device.CallAsync("findings", vault => Task.FromResult(vault.GetFindings()), findings => string.Join(" | ", findings.Select(Show)));
        foreach (var finding in result.Value ?? [])
        {
            var isCutOff = finding.Finding.Kind is FindingKind.Withdrawn or FindingKind.Refused && world.Model.Access.MayAnythingBeCutOff;
            // What a device could not finish sending before the key changed, or its bodies grew old, it gives up, and says so. That may also be what it wrote again for another device after a clock was mended.
            var isGivenUp = finding.Finding.Kind == FindingKind.Refused && (device.Person.HasSetClock || world.Model.Attempts.Any(attempt => attempt.Device == device && attempt.Acknowledged is null));
            // Clocks that are set are told of, by who sets them and by those to whom it shows.
            var isClock = finding.Finding.Kind == FindingKind.Clock && world.ClocksAreSet;
            if (!isCutOff && !isGivenUp && !isClock)
                _context.Violation($"{device.Name} raised a false alarm: {Show(finding)}");
        }
    }

    private static string Show(ReportedFinding finding) => $"{finding.Finding.Kind} {finding.Finding.Subject}: {finding.Finding.Message}";
}
