using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>What must hold when everything has come to rest.</summary>
internal sealed class FinalCheck(SimWorld world, MemoryStore store)
{
    private readonly SimContext _context = world.Context;

    public async Task RunAsync()
    {
        var first = await Dump.OfAsync(world.Devices[0], world);
        foreach (var device in world.Devices.Skip(1))
            Compare(world.Devices[0], first, device, await Dump.OfAsync(device, world));
        await CheckNewDevicesAsync(first);
        await CheckRebuildAsync(first);
        if (first is not null)
            new KeptCheck(world, first).Run();
        foreach (var device in world.Devices)
            await CheckFindingsAsync(device);
        await new ChainCheck(store, _context).RunAsync();
    }

    /// <summary>An index that begins with nothing comes to the same, for each person.</summary>
    private async Task CheckNewDevicesAsync(Dump? first)
    {
        foreach (var person in world.People)
        {
            var device = world.NewDevice($"{person.Name}-new", person);
            if (!await device.OpenAsync(world.Owner.Id))
            {
                _context.Violation($"{device.Name} could not open the vault on a quiet store");
                continue;
            }
            await device.CallAsync("sync", vault => vault.SyncAsync(), report => report.ToString());
            Compare(world.Devices[0], first, device, await Dump.OfAsync(device, world));
            await CheckFindingsAsync(device);
            await device.CloseAsync();
        }
    }

    /// <summary>An index that is built anew comes to the same.</summary>
    private async Task CheckRebuildAsync(Dump? first)
    {
        var device = world.Devices[^1];
        var result = await device.CallAsync("rebuild", vault => vault.RebuildIndexAsync());
        if (!result.Succeeded)
            _context.Violation($"{device.Name} could not rebuild its index on a quiet store: {AllowedErrors.Trace(result.Error!)}");
        Compare(world.Devices[0], first, device, await Dump.OfAsync(device, world));
    }

    private void Compare(Device one, Dump? first, Device other, Dump? second)
    {
        if (first is not null && second is not null && first.DifferenceTo(second) is { } difference)
            _context.Violation($"{one.Name} and {other.Name} do not show the same: {difference}");
    }

    /// <summary>An honest store, however unlucky, never raises an integrity error; only a cut-off takes back or refuses.</summary>
    private async Task CheckFindingsAsync(Device device)
    {
        var result = await device.CallAsync("findings", vault => Task.FromResult(vault.GetFindings()), findings => string.Join(" | ", findings.Select(Show)));
        foreach (var finding in result.Value ?? [])
        {
            var isCutOff = finding.Finding.Kind is FindingKind.Withdrawn or FindingKind.Refused && world.Model.MayBeCutOff(world.Writer.Id);
            // What a device could not finish sending before the key changed it gives up, and says so.
            var isGivenUp = finding.Finding.Kind == FindingKind.Refused && world.Model.Attempts.Any(attempt => attempt.Device == device && attempt.Acknowledged is null);
            if (!isCutOff && !isGivenUp)
                _context.Violation($"{device.Name} raised a false alarm: {Show(finding)}");
        }
    }

    private static string Show(ReportedFinding finding) => $"{finding.Finding.Kind} {finding.Finding.Subject}: {finding.Finding.Message}";
}
