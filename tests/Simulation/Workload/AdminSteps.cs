using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>The steps of the owner.</summary>
internal sealed class AdminSteps(SimWorld world, Device device, SimRandom random)
{
    private static readonly AccessLevel[] Levels = [AccessLevel.None, AccessLevel.Read, AccessLevel.Read, AccessLevel.Write, AccessLevel.Write, AccessLevel.Write];

    /// <summary>Sets the writer's access to another level than the device knows of.</summary>
    public async Task SetAccessAsync()
    {
        var level = random.Pick(Levels);
        var result = await device.CallAsync("members", vault => vault.GetMembersAsync(), Dump.Show);
        if (result.Value is not { } members)
            return;
        var known = members.FirstOrDefault(member => member.Id.Equals(world.Writer.Id))?.Access ?? AccessLevel.None;
        if (known == level)
            level = known == AccessLevel.Write ? AccessLevel.Read : AccessLevel.Write;
        await SetAsync(level);
    }

    /// <summary>Sees to it that the writer can read at least, so that all devices can be compared in the end.</summary>
    /// <returns>Whether the writer may write then.</returns>
    public async Task<bool> LetReadAsync()
    {
        await device.CallAsync("sync", vault => vault.SyncAsync(), report => report.ToString());
        var result = await device.CallAsync("members", vault => vault.GetMembersAsync(), Dump.Show);
        if (result.Value?.FirstOrDefault(member => member.Id.Equals(world.Writer.Id)) is { Access: >= AccessLevel.Read } writer && random.Chance(0.5))
            return writer.Access == AccessLevel.Write;
        var granted = await SetAsync(AccessLevel.Write);
        if (!granted.Succeeded)
            world.Context.Violation($"The owner could not let the writer in on a quiet store: {AllowedErrors.Trace(granted.Error!)}");
        return granted.Succeeded;
    }

    private async Task<CallResult<bool>> SetAsync(AccessLevel level)
    {
        var attempt = world.Model.BeginAccess(world.Writer, level);
        var result = await device.CallAsync($"set-access {world.Writer.Name} {level}", vault => vault.SetAccessAsync(world.Writer.Id, level));
        if (result.Succeeded)
            attempt.Done = result.Ended;
        return result;
    }

    public Task RotateAsync() => device.CallAsync("rotate-key", vault => vault.RotateKeyAsync());

    public Task ConfigureAsync()
    {
        var quota = random.Between(1, 1000) * (1L << 30);
        return device.CallAsync($"configure quota {quota}", vault => vault.ConfigureAsync(vault.Settings with { Quota = quota }));
    }

    public Task ReadLedgerAsync() => device.CallAsync("ledger", vault => vault.GetLedgerAsync(), Dump.Show);
}
