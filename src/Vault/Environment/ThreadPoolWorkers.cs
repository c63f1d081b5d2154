namespace Coffer.Vaults;

/// <summary>Work on the thread pool, as many pieces at a time as there are processors.</summary>
public sealed class ThreadPoolWorkers : IWorkers
{
    private ThreadPoolWorkers()
    {
    }

    /// <summary>The one instance.</summary>
    public static ThreadPoolWorkers Instance { get; } = new();

    /// <inheritdoc/>
    public int Count => Environment.ProcessorCount;

    /// <inheritdoc/>
#pragma warning disable RS0030 // The one place where the thread pool enters.
    public ValueTask RunAsync(Action work, CancellationToken cancellationToken = default) => new(Task.Run(work, cancellationToken));
#pragma warning restore RS0030
}
