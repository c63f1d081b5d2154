using Coffer.Stores;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Stores of which nobody knows, until they are asked, whether they keep the promise of create-only puts.</summary>
public sealed class Servers_that_are_asked : IAsyncDisposable
{
    private readonly Team _team = new();
    private readonly UnknownServer _server;

    public Servers_that_are_asked() => _server = new UnknownServer(_team.Store);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _team.DisposeAsync();

    [Fact]
    public async Task A_server_that_ignores_the_condition_is_refused_and_nothing_is_written()
    {
        _server.Keeps = false;

        var e = await Assert.ThrowsAsync<VaultException>(() => _team.CreateAsync(store: _server));

        Assert.Contains("a vault rests on that", e.Message, StringComparison.Ordinal);
        Assert.Empty(await _team.Store.ListAsync(cancellationToken: Token).ToListAsync(Token));
    }

    [Fact]
    public async Task A_member_notices_it_too_when_the_vault_was_made_elsewhere()
    {
        await _team.CreateAsync();
        _server.Keeps = false;

        await Assert.ThrowsAsync<VaultException>(() => _team.OpenAsync(_team.Alice, store: _server));
    }

    [Fact]
    public async Task A_device_asks_once_and_remembers()
    {
        var index = _team.NewIndex();
        await _team.CloseAsync(await _team.CreateAsync(index: index, store: _server));
        Assert.Equal(1, _server.Asked);

        var later = new UnknownServer(_team.Store);
        await _team.OpenAsync(_team.Alice, index, store: later);

        Assert.Equal((0, true, "kept"), (later.Asked, later.IsSettled, later.Answer));
    }

    [Fact]
    public async Task A_device_asks_again_when_the_store_does_not_understand_what_it_remembers()
    {
        var index = _team.NewIndex();
        await _team.CloseAsync(await _team.CreateAsync(index: index, store: _server));

        var later = new UnknownServer(_team.Store) { Understands = false };
        await _team.OpenAsync(_team.Alice, index, store: later);

        Assert.Equal((1, true), (later.Asked, later.IsSettled));
    }

    [Fact]
    public async Task Who_may_only_read_the_bucket_can_open_the_vault()
    {
        var alice = await _team.CreateAsync();
        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.Read);
        await alice.WriteTextAsync("a", "x");
        _server.RefusesPuts = true;

        var bob = await _team.OpenAsync(_team.Bob, store: _server);

        Assert.Equal("x", await bob.ReadTextAsync("a"));
        Assert.False(_server.IsSettled);
    }

    private sealed class UnknownServer(IStore inner) : DelegatingStore(inner), ICapabilityProbe
    {
        private bool _isKnownToLack;

        public bool Keeps { get; set; } = true;

        public bool RefusesPuts { get; set; }

        public int Asked { get; private set; }

        public bool IsSettled { get; private set; }

        public override StoreCapabilities Capabilities => base.Capabilities with { IfAbsent = !_isKnownToLack };

        public ValueTask<StoreCapabilities> ProbeAsync(CancellationToken cancellationToken = default)
        {
            Asked++;
            if (RefusesPuts)
                throw new StoreException(StoreErrorKind.PermissionDenied, "These credentials only read.");
            _isKnownToLack = !Keeps;
            IsSettled = true;
            return ValueTask.FromResult(Capabilities);
        }

        public bool Understands { get; init; } = true;

        public string? Answer => IsSettled && !_isKnownToLack ? "kept" : null;

        public void Trust(string answer) => IsSettled = Understands && answer == "kept";

        public override ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default) =>
            RefusesPuts ? throw new StoreException(StoreErrorKind.PermissionDenied, "These credentials only read.") : base.PutAsync(key, body, options, cancellationToken);
    }
}
