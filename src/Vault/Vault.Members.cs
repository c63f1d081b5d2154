using Coffer.Vaults.Ledger;
using Coffer.Vaults.Naming;

namespace Coffer.Vaults;

/// <content>People and their access.</content>
public sealed partial class Vault
{
    /// <summary>Everybody with access, by public id.</summary>
    public async Task<IReadOnlyList<Member>> GetMembersAsync(CancellationToken cancellationToken = default)
    {
        await RefreshAsync(cancellationToken);
        var tip = _device.Ledger.Tip;
        return [.. tip.Readers().Select(id => new Member(id, tip.LevelOf(id), id == _device.Me))];
    }

    /// <summary>Sets what a member may do; <see cref="AccessLevel.None"/> removes it. Taking read access changes the vault's key in the same step; in a public vault everybody goes on reading.</summary>
    /// <exception cref="AccessDeniedException">I am no admin.</exception>
    /// <exception cref="LastAdminException">No admin would be left.</exception>
    /// <exception cref="VaultConflictException">Another admin changed the same member meanwhile; nothing was changed.</exception>
    public Task SetAccessAsync(PublicId member, AccessLevel access, CancellationToken cancellationToken = default) =>
        SetAccessAsync([new AccessChange(member, access)], cancellationToken);

    /// <summary>Sets what several members may do, in one block: all of it happens, or nothing. What holds already is left as it is.</summary>
    /// <exception cref="AccessDeniedException">I am no admin.</exception>
    /// <exception cref="LastAdminException">No admin would be left.</exception>
    /// <exception cref="VaultConflictException">Another admin changed one of them meanwhile; nothing was changed.</exception>
    public async Task SetAccessAsync(IReadOnlyList<AccessChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        await LookForAdminAsync(cancellationToken);
        var tip = _device.Ledger.Tip;
        var intents = changes.Where(change => tip.LevelOf(change.Member) != change.Access)
            .Select(change => SetLevelIntent.Of(tip, change.Member, change.Access)).ToList<LedgerIntent>();
        if (intents.Count > 0)
            await AppendAsync(intents, cancellationToken);
    }

    /// <summary>Starts a new key epoch: what is written from now on is sealed under a new key.</summary>
    /// <exception cref="AccessDeniedException">I am no admin.</exception>
    /// <exception cref="VaultException">The vault is public: everybody has its key, and it has no other.</exception>
    public async Task RotateKeyAsync(CancellationToken cancellationToken = default)
    {
        RequireIdentity();
        if (IsPublic)
            throw new VaultException("A public vault has one key, which everybody has, so there is nothing to change it for.");
        await LookForAdminAsync(cancellationToken);
        await AppendAsync([new RotateIntent()], cancellationToken);
    }

    /// <summary>Changes the vault's settings.</summary>
    /// <exception cref="AccessDeniedException">I am no admin.</exception>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public async Task ConfigureAsync(VaultSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        await LookForAdminAsync(cancellationToken);
        var changes = settings.Changes(_device.Ledger.Tip.Configuration);
        if (changes.Count > 0)
            await AppendAsync([new ConfigureIntent(changes)], cancellationToken);
    }

    /// <summary>The ledger, block by block, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> GetLedgerAsync(CancellationToken cancellationToken = default)
    {
        await RefreshAsync(cancellationToken);
        return BlockStory.Tell(_device.Ledger, _device.Blocks.Load());
    }

    /// <summary>An invitation to this vault: whoever has it and was granted access can join, and notices a store that hides what was there now.</summary>
    /// <param name="storeUrl">Where the invited person finds the store: without a secret, and without options that hold on this machine only, which <c>StoreRegistry.PlaceOf</c> leaves out.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="FormatException">The text is no store URL, or has a password in it.</exception>
    public async Task<Invitation> InviteAsync(string storeUrl, CancellationToken cancellationToken = default)
    {
        var url = StoreUrl.Parse(storeUrl).ToString();
        await RefreshAsync(cancellationToken);
        var tip = _device.Ledger.Tip;
        return new Invitation(url, tip.Realm, tip.Creator, tip.VaultId, tip.Slot, tip.Height, tip.Hash, _device.Commits.NewestOf(_device.Me));
    }

    /// <summary>Sets an attribute of mine, which all members can read. Who may only read may do this too.</summary>
    /// <param name="name">The attribute's name, as <see cref="VaultPath"/> says.</param>
    /// <param name="value">Up to 64 KiB.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task SetMyAttributeAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default)
    {
        RequireIdentity();
        await CallerContext.Leave();
        await _writer.SetMyAttributeAsync(name, value, cancellationToken);
    }

    /// <summary>The attributes that a member set of itself, by name.</summary>
    public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> GetMemberAttributesAsync(PublicId member, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(member);
        await RefreshAsync(cancellationToken);
        return _library.MemberAttributes(member);
    }

    private async Task LookForAdminAsync(CancellationToken cancellationToken)
    {
        RequireIdentity();
        await CallerContext.Leave();
        await _sync.LookAtLedgerAsync(cancellationToken);
        if (Access != AccessLevel.Admin)
            throw new AccessDeniedException("Only an admin changes who may do what, and this identity is none.", AccessLevel.Admin);
    }

    private async Task AppendAsync(IReadOnlyList<LedgerIntent> intents, CancellationToken cancellationToken)
    {
        await _sync.AppendAsync(intents, cancellationToken);
        _marker.Touch();
    }
}
