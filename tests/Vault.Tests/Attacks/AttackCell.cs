using Coffer.Testing;
using Xunit;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>One attack on one path: what came of it, and whether that is all that may.</summary>
internal static class AttackCell
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Which finding tells the most, where there are several.</summary>
    private const string Precedence = "PCART";

    /// <summary>
    /// Runs it, and gives the verdict. In any case what is shown is what somebody wrote; what is not shown is no more than can be lost with the objects that the store does not show as they are; findings speak of those alone; and after housekeeping an honest store has everything that it had.
    /// </summary>
    public static async Task<(char Verdict, string Why)> RunAsync(AttackWorld world, Attack attack, ReadPath path)
    {
        await using var store = await world.BeginAsync();
        var lie = attack.Lie(world);
        var touched = await world.TouchedAsync(lie);
        var isNew = path is ReadPath.First or ReadPath.Pinned;
        var isOpening = isNew || path == ReadPath.Open;
        var shown = new Shown(world, attack);
        Vault? vault = null;
        Exception? stopped = null;
        try
        {
            if (isOpening)
                store.Tell(lie);
            vault = await (isNew ? world.OpenNewAsync(store, path == ReadPath.Pinned) : world.OpenKnownAsync(store)).WaitAsync(Patience);
            if (!isOpening)
                store.Tell(lie);
            await shown.RunAsync(vault, path).WaitAsync(Patience);
            await shown.WalkAsync(vault, path).WaitAsync(Patience);
        }
        catch (Exception fault) when (fault is VaultException or StoreException)
        {
            stopped = fault;
        }
        try
        {
            var findings = vault?.GetFindings().Select(static found => found.Finding).Where(static finding => Verdict.Of(finding.Kind) is not null).ToList() ?? [];
            Check(world, attack, path, touched, isNew || path == ReadPath.Rebuild, shown, findings, stopped);
            if (path == ReadPath.Housekeep)
                await CheckNothingIsLostAsync(world, attack, store, vault!);
            return VerdictOf(shown, findings, stopped);
        }
        finally
        {
            if (vault is not null)
                await vault.DisposeAsync();
        }
    }

    private static (char Verdict, string Why) VerdictOf(Shown shown, List<Finding> findings, Exception? stopped)
    {
        if (stopped is not null)
            return (stopped is StoreException ? Verdict.Store : Verdict.Stopped, $"{stopped.GetType().Name}: {stopped.Message}");
        if (shown.Faults.FirstOrDefault() is { Value: { } fault })
            return (Verdict.File, $"{fault.GetType().Name}: {fault.Message}");
        if (findings.OrderBy(static finding => Precedence.IndexOf(Verdict.Of(finding.Kind)!.Value, StringComparison.Ordinal)).FirstOrDefault() is { } finding)
            return (Verdict.Of(finding.Kind)!.Value, $"{finding.Kind} {finding.Subject}: {finding.Message}");
        return shown.Missing.Count == 0 ? (Verdict.Harmless, "nothing") : (Verdict.Limit, string.Join(", ", shown.Missing));
    }

    private static void Check(
        AttackWorld world, Attack attack, ReadPath path, HashSet<StoreKey> touched, bool isNew, Shown shown, List<Finding> findings, Exception? stopped)
    {
        var losses = world.Story.Losses(touched, isNew);
        if (attack.IsByWriter)
            losses.Add("by/erin");
        if (stopped is not null)
        {
            Assert.True(attack.Stops || isNew || touched.Any(static key => key.Value.StartsWith("users/ledger/", StringComparison.Ordinal)), $"The whole call ended: {stopped}");
            if (stopped is VaultIntegrityException { Findings: { Count: > 0 } told })
                Assert.Contains(told, finding => world.Story.IsAbout(finding, touched));
        }
        else
        {
            Assert.True(shown.Missing.All(losses.Contains), $"Lost with {string.Join(", ", touched)}: {string.Join(", ", shown.Missing)}, and no more may be than {string.Join(", ", losses)}");
        }
        foreach (var (file, fault) in shown.Faults)
        {
            Assert.True(losses.Contains(file), $"'{file}' cannot be read: {fault}");
            Assert.Contains(file, fault.Message, StringComparison.Ordinal);
        }
        foreach (var finding in findings)
        {
            Assert.True(
                attack.Liar is { } liar ? finding.Message.Contains(liar(world).Public.Fingerprint, StringComparison.Ordinal) || finding.Kind == FindingKind.Clock : world.Story.IsAbout(finding, touched),
                $"A finding about something else: {finding}");
        }
    }

    /// <summary>Whatever housekeeping was told, nothing went that somebody needs.</summary>
    private static async Task CheckNothingIsLostAsync(AttackWorld world, Attack attack, MaliciousStore store, Vault vault)
    {
        store.BeHonest();
        var after = new Shown(world, attack);
        await after.WalkAsync(vault, ReadPath.Read);
        // What a writer showed by this store alone is gone with it.
        Assert.DoesNotContain(after.Faults.Keys, file => !attack.IsByWriter || file != "by/erin");
        Assert.Empty(after.Missing);
    }
}
