using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>
/// One run of a program on a device: from when it opens the vault until it closes it, or dies at a request to the store or at a write of its local files. What is left of a dead one cannot
/// do anything any more: each request that it makes or waits for fails, and its local files are not those of the device.
/// </summary>
internal sealed class SimProcess
{
    private readonly Lifeline _life;

    /// <param name="name">The device and a number, for its own streams of random numbers.</param>
    /// <param name="device">Whose it is.</param>
    /// <param name="store">The store, without a link.</param>
    /// <param name="context">The world's parts.</param>
    /// <param name="died">Told that it died, and where, before anything else happens.</param>
    public SimProcess(string name, Device device, IStore store, SimContext context, Action<SimProcess, string> died)
    {
        var fate = context.Stream($"fate/{name}");
        _life = new Lifeline(weight => context.Weather.Kills(context.Step.Value?.Fate ?? fate, weight), where => died(this, where));
        IStore link = new SimStore(store, device.Name, context.Stream($"link/{name}"), context, _life, isRepeated: device.Retries > 0);
        if (device.Retries > 0)
        {
            var jitter = context.Stream($"retry/{name}");
            link = new RetryStore(link, device.Time, new RetryOptions { MaxRetries = device.Retries }, jitter.NextDouble);
        }
        Link = link;
        Environment = new VaultEnvironment
        {
            Time = device.Time,
            Random = new SeededBytes(context.Stream($"bytes/{name}")),
            Machine = device.Name,
            Workers = new InPlaceWorkers(device.Workers),
            Signatures = context.Signatures,
            LocalWrites = moment => _life.MayDieAtLocalWrite(isBefore: moment == LocalWrite.Before),
        };
    }

    /// <summary>Its link to the store.</summary>
    public IStore Link { get; }

    public VaultEnvironment Environment { get; }

    public Vault? Vault { get; set; }

    public bool IsDead => _life.IsDead;
}
