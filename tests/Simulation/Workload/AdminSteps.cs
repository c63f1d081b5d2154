using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>The steps of an admin.</summary>
internal sealed class AdminSteps(SimWorld world, Device device, SimRandom random)
{
    private static readonly AccessLevel[] Levels = [AccessLevel.None, AccessLevel.Read, AccessLevel.Read, AccessLevel.Write, AccessLevel.Write, AccessLevel.Write, AccessLevel.Admin];

    /// <summary>So long does somebody look at the changes who only wants to know what is new.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>Sets somebody's access to another level than the device knows of.</summary>
    public async Task SetAccessAsync()
    {
        var member = random.Pick(world.Others);
        var level = random.Pick(Levels);
        var result = await device.CallAsync("members", vault => vault.GetMembersAsync(), Dump.Show);
        if (result.Value is not { } members)
            return;
        if (AccessOf(members, member) == level)
            level = level == AccessLevel.Write ? AccessLevel.Read : AccessLevel.Write;
        await SetAsync(member, level);
    }

    /// <summary>In the end, some of those who may not write or read are let in, and what each may do is noted.</summary>
    public async Task SettleAccessAsync()
    {
        await device.SyncAsync();
        foreach (var member in world.Others)
        {
            var known = await MembersAsync();
            if (AccessOf(known, member) < AccessLevel.Write && random.Chance(0.6))
                await SetAsync(member, AccessLevel.Write);
        }
        var members = await MembersAsync();
        foreach (var person in world.People)
            person.FinalAccess = AccessOf(members, person);
    }

    private static AccessLevel AccessOf(IReadOnlyList<Member> members, Person person) => members.FirstOrDefault(member => member.Id.Equals(person.Id))?.Access ?? AccessLevel.None;

    private async Task<IReadOnlyList<Member>> MembersAsync()
    {
        var result = await device.CallAsync("members", vault => vault.GetMembersAsync(), Dump.Show);
        if (!result.Succeeded)
            world.Context.Violation($"The owner cannot see the members on a quiet store: {AllowedErrors.Trace(result.Error!)}");
        return result.Value ?? [];
    }

    /// <summary>Sets somebody's access; false when that failed.</summary>
    private async Task<bool> SetAsync(Person member, AccessLevel level)
    {
        // Whose devices look at the ledger most seldom.
        var last = level < AccessLevel.Write && random.Chance(0.6) ? world.Devices.Where(other => other.Person == member && other.IsOpen).MaxBy(static other => other.Cooldown) : null;
        if (last is not null)
        {
            await last.SyncAsync();
            await last.Feed.FollowAsync(Glance, world.Model);
        }
        var attempt = world.Model.Access.Begin(member, level);
        using var rotating = level < AccessLevel.Read ? world.Context.Coincidences.Rotating() : null;
        var result = await device.CallAsync($"set-access {member.Name} {level}", vault => vault.SetAccessAsync(member.Id, level));
        if (!result.Succeeded)
            return false;
        attempt.Done = result.Ended;
        world.Model.Saw(device, result.Ended);
        if (last is not null)
            await WriteUnawareAsync(last);
        return true;
    }

    /// <summary>Who has looked at the ledger a moment ago does not look again at once, and writes what lies beyond its cut-off.</summary>
    private async Task WriteUnawareAsync(Device last)
    {
        if (await new WritingSteps(world, last, random).WriteAsync() is not { } written)
            return;
        world.Context.Counters.Add("written by who did not know yet that it may not");
        await last.Feed.FollowAsync(Glance, world.Model);
        var reading = new ReadingSteps(world, device, random);
        await reading.SyncAsync();
        await reading.ListVersionsAsync(written.Name);
    }

    /// <summary>Somebody is let out for so long that what the others write meanwhile is packed, and is not there any more otherwise; looks at the vault all the time; and is let in again.</summary>
    public async Task LetOutAsync()
    {
        var member = random.Pick(world.Others);
        if (world.Devices.FirstOrDefault(other => other.Person == member && other.IsOpen) is not { } outside || !await SetAsync(member, AccessLevel.None))
            return;
        world.Context.Counters.Add("let out for a while");
        var writing = new WritingSteps(world, device, random);
        for (var i = 0; i < 4; i++)
            await writing.WriteAsync();
        for (var i = 0; i < 2; i++)
        {
            await world.Context.Pause((world.Segment * 2) + TimeSpan.FromMinutes(70));
            await device.HousekeepAsync(random);
            await outside.SyncAsync();
        }
        await SetAsync(member, AccessLevel.Write);
    }

    public async Task RotateAsync()
    {
        using var rotating = world.Context.Coincidences.Rotating();
        if ((await device.CallAsync("rotate-key", vault => vault.RotateKeyAsync())).Succeeded)
            device.Person.Rotations++;
    }

    public async Task ConfigureAsync()
    {
        // No quota twice: what holds already makes no block.
        var quota = (random.Between(1, 1000) * (1L << 30)) + world.Context.Moment();
        TimeSpan? life = world.IsMortal ? random.Pick<TimeSpan?>([null, TimeSpan.FromDays(1), TimeSpan.FromDays(60)]) : null;
        var result = await device.CallAsync($"configure quota {quota} life {life}", vault => vault.ConfigureAsync(vault.Settings with { Quota = quota, ContentLife = life }));
        if (result.Succeeded)
            device.Person.Configurations++;
    }

    /// <summary>Invites one of the people with one more device.</summary>
    public async Task InviteAsync()
    {
        var result = await device.CallAsync("invite", vault => vault.InviteAsync("mem://world"), invitation => invitation.ToString());
        if (result.Value is { } invitation && world.Devices.Count < SimWorld.MostDevices)
            world.Join(random.Pick(world.People), invitation);
    }

    public Task ReadLedgerAsync() => device.CallAsync("ledger", vault => vault.GetLedgerAsync(), Dump.Show);
}
