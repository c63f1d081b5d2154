namespace Coffer.Vaults;

/// <summary>Where work runs that is heavy on the processor, such as the sealing of a piece. A simulation runs it in place.</summary>
public interface IWorkers
{
    /// <summary>How many pieces of work run at the same time, 1 or more.</summary>
    int Count { get; }

    /// <summary>Runs the work. What it throws comes out of the task.</summary>
    ValueTask RunAsync(Action work, CancellationToken cancellationToken = default);
}
