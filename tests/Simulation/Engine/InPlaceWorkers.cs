using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>Work runs at once, where it was asked for.</summary>
internal sealed class InPlaceWorkers(int count) : IWorkers
{
    public int Count => count;

    public ValueTask RunAsync(Action work, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        try
        {
            work();
            return ValueTask.CompletedTask;
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }
}
