using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>How a world comes to rest: no faults any more, what is on its way arrives, every device learns all that there is, and in half of the seeds everybody tidies up.</summary>
internal sealed class Rest(SimWorld world, SimRandom random)
{
    private const int MaxRounds = 30;

    private readonly SimContext _context = world.Context;

    public async Task RunAsync()
    {
        _context.Weather.IsQuiet = true;
        _context.History.Add("world", "the weather is quiet");
        while (_context.Weather.Late > 0)
            await _context.Pause(TimeSpan.FromSeconds(10));
        foreach (var device in world.Devices)
            device.Time.Mend();
        await WaitForFilesAsync();
        await OpenAsync(world.Owner);
        await new AdminSteps(world, world.Devices[0], random).SettleAccessAsync();
        foreach (var person in world.People)
            await OpenAsync(person);
        await WriteWhereClocksWereAheadAsync();
        // Who may write again learns it now, and writes again what was cut off, before time goes on and it is cleaned away.
        await SyncAllAsync();
        // What was scheduled is due then, and what was stamped ahead counts. What still waits for that has been there for long by then, and is needed.
        var ahead = world.Devices.Max(static device => device.Time.MostAhead);
        if (ahead > TimeSpan.FromDays(9))
        {
            await _context.Pause(ahead * 0.9);
            await world.TidyUpAsync();
        }
        await _context.Pause((world.Pace * 20) + ahead + TimeSpan.FromMinutes(6));
        await world.TidyUpAsync();
        // What a vault that was closed had left in its queue goes now.
        await WaitForFilesAsync();
        await SyncAllAsync();
        await TidyAsync();
        _context.Weather.IsStill = true;
    }

    private async Task WaitForFilesAsync()
    {
        foreach (var device in world.Devices.Where(device => device.IsOpen))
            await device.CallAsync("wait-files", vault => vault.WaitFilesAsync());
    }

    private async Task OpenAsync(Person person)
    {
        foreach (var device in world.Devices.Where(device => device.Person == person && !device.IsOpen))
        {
            if (!await device.OpenAsync() && (person.IsOwner || person.MayReadInTheEnd))
                _context.Violation($"{device.Name} could not open the vault on a quiet store");
        }
    }

    /// <summary>The first write after a clock was mended writes again what had been stamped ahead.</summary>
    private async Task WriteWhereClocksWereAheadAsync()
    {
        foreach (var device in world.Devices.Where(device => device.IsOpen && device.Person.MayWriteInTheEnd && device.Time.MostAhead > TimeSpan.Zero))
        {
            if (random.Chance(0.5) && await new WritingSteps(world, device, random).WriteAsync() is { } written)
                await CheckShownAtOnceAsync(device, written);
        }
    }

    /// <summary>A clock that was ahead and is right again holds nothing up; unless others were ahead together with it, whose stamps it believed then.</summary>
    private async Task CheckShownAtOnceAsync(Device writer, Attempt written)
    {
        if (world.Devices.Any(device => device.Person != writer.Person && device.Time.MostAhead > TimeSpan.Zero))
            return;
        foreach (var device in world.Readers.Where(device => device.IsOpen && device.Person != writer.Person && FileName.IsFor(written.Seal, device.Person)).Take(1))
        {
            await device.SyncAsync();
            var result = await device.VersionsAsync(written.Name);
            _context.Counters.Add("written after a clock was mended");
            if (result.Value is { } versions && !versions.Any(version => version.Id == written.VersionId))
                _context.Violation($"{device.Name} does not show {written}, which {writer.Name} wrote when its clock was right again");
        }
    }

    private async Task SyncAllAsync()
    {
        for (var round = 1; round <= MaxRounds; round++)
        {
            var isNew = false;
            foreach (var device in world.Devices.Where(device => device.IsOpen))
            {
                var result = await device.SyncAsync();
                if (!result.Succeeded)
                    _context.Violation($"{device.Name} could not sync on a quiet store: {AllowedErrors.Trace(result.Error!)}");
                isNew |= result.Value is not { Blocks: 0, Commits: 0 };
            }
            await _context.Pause(TimeSpan.FromSeconds(100));
            if (!isNew)
                return;
        }
        _context.Violation($"There is something new for somebody in each of {MaxRounds} rounds of syncs on a quiet store");
    }

    /// <summary>Nobody writes for a while, and everybody tidies up: what may be packed is packed, and what is not needed any more goes.</summary>
    private async Task TidyAsync()
    {
        if (random.Chance(0.5))
            return;
        foreach (var days in (int[])[9, 1, 1])
        {
            await _context.Pause(TimeSpan.FromDays(days));
            foreach (var device in world.Devices.Where(device => device.IsOpen))
            {
                var report = await device.HousekeepAsync(null);
                if (report is null || (report.NothingDeletedBecause is not null && world.Kind.Deletes && device.Person.MayWriteInTheEnd))
                    _context.Violation($"{device.Name} could not tidy up on a quiet store: {report?.NothingDeletedBecause ?? "it failed"}");
            }
        }
        world.TidiedAt = _context.Time.GetUtcNow();
    }
}
