using Coffer.Vaults;

namespace Coffer.Vault.Tests.Scenarios;

/// <summary>A store on which something happens right before an object is put: what another device does in that moment.</summary>
internal sealed class HookedStore(IStore inner) : DelegatingStore(inner)
{
    private Func<Task>? _hook;
    private string _part = "";

    /// <summary>Does it once, before the next put of an object whose key has this in it.</summary>
    public void BeforePut(string part, Func<Task> hook) => (_part, _hook) = (part, hook);

    public override async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (_hook is { } hook && key.Value.Contains(_part, StringComparison.Ordinal))
        {
            _hook = null;
            await hook();
        }
        return await base.PutAsync(key, body, options, cancellationToken);
    }
}
