namespace Coffer.Vaults;

/// <summary>A vault rests on create-only puts of which exactly one wins. A store that lacks them is refused; a server that may lack them is asked once for each device.</summary>
internal static class ConditionalPuts
{
    /// <exception cref="VaultException">The store says that it lacks them.</exception>
    public static void Require(IStore store)
    {
        if (!store.Capabilities.IfAbsent)
        {
            throw new VaultException($"{store.Name} cannot create an object only if it is absent, and a vault rests on that: without it, two writers could overwrite each other unnoticed. "
                + "Use a store that can; 'coffer store check URL' shows what a store is able to do.");
        }
    }

    /// <summary>Asks the store, unless this device did so before. An anonymous device never puts anything, so it does not ask.</summary>
    /// <exception cref="VaultException">The store accepts the condition and does not keep it.</exception>
    public static async Task ProbeAsync(VaultDevice device, CancellationToken cancellationToken)
    {
        if (device.IsAnonymous || device.Store.Find<ICapabilityProbe>() is not { IsSettled: false } probe)
            return;
        if (device.Meta.ProbedStore == device.Store.Name && device.Meta.ProbeAnswer is { } answer)
            probe.Trust(answer);
        if (probe.IsSettled)
            return;
        try
        {
            await probe.ProbeAsync(cancellationToken);
        }
        catch (StoreException e) when (e.Kind == StoreErrorKind.PermissionDenied)
        {
            // With credentials that only read, nothing is put, and so nothing overwritten. The store asks again before the first put.
            return;
        }
        Require(device.Store);
        device.Database.Write(() =>
        {
            device.Meta.ProbedStore = device.Store.Name;
            device.Meta.ProbeAnswer = probe.Answer;
        });
    }
}
