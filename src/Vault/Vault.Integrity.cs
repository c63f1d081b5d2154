using Coffer.Vaults.Integrity;

namespace Coffer.Vaults;

/// <content>What is wrong, and how people go on.</content>
public sealed partial class Vault
{
    /// <summary>
    /// Checks all of the vault on the store: every block of the ledger and every commit is read again and held against what was signed and what this device has seen; bodies are looked for, or, with <see cref="IntegrityCheckOptions.Deep"/>, read to the last byte. What is wrong is in the report, with the evidence, and is kept as a finding; nothing is changed on the
    /// store. It takes one read for each block and each commit that is in no pack, and one for each pack, and, when it is deep, one for each object.
    /// </summary>
    /// <param name="options">How thoroughly.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IntegrityReport> CheckIntegrityAsync(IntegrityCheckOptions? options = null, CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        FollowIndex();
        var report = await new IntegrityChecker(_device, _sync, options ?? new IntegrityCheckOptions()).RunAsync(cancellationToken);
        RaiseFindings();
        return report;
    }

    /// <summary>Everything that this device ever found wrong, oldest first.</summary>
    public IReadOnlyList<ReportedFinding> GetFindings() => _device.Findings.All();

    /// <summary>Accepts one finding, on this device: the vault goes on in spite of it. False when there is none of this number.</summary>
    public bool AcceptFinding(long number) => _device.Findings.Accept(number);

    /// <summary>
    /// Puts back under the same names what the store lost and this device has: every block of the ledger, and every commit that this device wrote. After a restore of the store from an older copy each device that wrote does this once. What stands in the place of a lost object and was signed by nobody is overwritten; nothing else is.
    /// </summary>
    /// <exception cref="AccessDeniedException">The vault is open without an identity.</exception>
    /// <exception cref="StoreException">The store refuses writes. What was put back by then is back.</exception>
    public async Task<RepairReport> RepairAsync(CancellationToken cancellationToken = default)
    {
        RequireIdentity();
        await CallerContext.Leave();
        FollowIndex();
        var report = await new Repairer(_device, _sync).RunAsync(cancellationToken);
        if (report.Blocks + report.Commits > 0)
            _marker.Touch();
        RaiseFindings();
        return report;
    }

    /// <summary>Looks for everything once more, and gives the lines of commits of which something is missing on the store, be it still known here, or that are forked: what an admin can settle. Empty when there is none.</summary>
    public async Task<IReadOnlyList<UnsettledWriter>> GetUnsettledAsync(CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        FollowIndex();
        var unsettled = await new Settlements(_device, _sync).FindAsync(cancellationToken);
        RaiseFindings();
        return unsettled;
    }

    /// <summary>
    /// Says for all members what counts of one line of commits: this chain, without the commits on it that are lost. Let every device that may still have them run <see cref="RepairAsync"/> first: what is settled as lost counts for nobody any more, for ever, also where it is still known.
    /// </summary>
    /// <param name="writer">The line, as <see cref="GetUnsettledAsync"/> gave it.</param>
    /// <param name="chain">One of its chains.</param>
    /// <param name="cancellationToken">Cancels it; it may have been said or not.</param>
    /// <exception cref="AccessDeniedException">I am no admin.</exception>
    /// <exception cref="VaultConflictException">Another admin settled the same line meanwhile.</exception>
    /// <exception cref="VaultException">Something of it came back, or more is missing; look again.</exception>
    public async Task SettleAsync(UnsettledWriter writer, WriterChain chain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(chain);
        await LookForAdminAsync(cancellationToken);
        var now = (await new Settlements(_device, _sync).FindAsync(cancellationToken)).FirstOrDefault(line => line.Author == writer.Author && line.Writer == writer.Writer);
        if (now is null || !now.Chains.Any(known => known.Last == chain.Last && known.Hash == chain.Hash && known.Lost.SequenceEqual(chain.Lost)))
            throw new VaultException($"What is known of writer {writer.Writer} of {writer.Author.Fingerprint} has changed since it was looked at, so nothing was settled. Look again.");
        await AppendAsync([Settlements.IntentOf(now, chain)], cancellationToken);
        await BringAsync(thorough: true, cancellationToken);
    }
}
