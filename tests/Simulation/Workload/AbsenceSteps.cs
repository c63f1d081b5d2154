namespace Coffer.Simulation;

/// <summary>The steps of somebody who was away while the others went on: for minutes, with the vault open, or for more than a week.</summary>
internal sealed class AbsenceSteps(SimWorld world, Device device, ReadingSteps reading, SimRandom random)
{
    /// <summary>Opens the vault again. Now and then the device was put away before that, for so long that others have tidied up behind it; more often so when its last process died in the middle of a write.</summary>
    public async Task OpenAsync()
    {
        if (random.Chance(device.LeftABody ? 0.25 : 0.02))
        {
            world.Context.History.Add(device.Name, "is put away for more than a week");
            world.Context.Counters.Add("devices that were put away");
            world.Model.Access.HadLongPause = true;
            foreach (var days in (int[])[8, 1])
            {
                await world.Context.Pause(TimeSpan.FromDays(days));
                await world.TidyUpAsync(but: device);
            }
        }
        await device.OpenAsync();
    }

    /// <summary>Has seen all that there is, and steps away. Meanwhile somebody writes, and packs that as soon as it may be packed; a look back must show it.</summary>
    public async Task StepAwayAsync()
    {
        await reading.SyncAsync();
        if (world.Devices.Where(other => other != device && other.IsOpen).ToList() is not { Count: > 0 } others)
            return;
        var other = random.Pick(others);
        var writing = new WritingSteps(world, other, random);
        var written = new[] { await writing.WriteAsync(), await writing.WriteAsync() };
        await world.Context.Pause(TimeSpan.FromSeconds(random.Between(125, 200)));
        await other.HousekeepAsync(random);
        await reading.SyncAsync();
        foreach (var attempt in written.OfType<Attempt>())
        {
            world.Context.Counters.Add("written while somebody was away for minutes");
            await reading.ListVersionsAsync(attempt.Name);
        }
    }
}
