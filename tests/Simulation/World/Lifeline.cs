namespace Coffer.Simulation;

/// <summary>The life of one process: where it may end, and that it has.</summary>
/// <param name="kills">Whether the process dies at a moment that is so likely, next to a request, to be its last.</param>
/// <param name="died">Told where it died, before anybody notices.</param>
internal sealed class Lifeline(Func<double, bool> kills, Action<string> died)
{
    private readonly CancellationTokenSource _cut = new();

    public bool IsDead { get; private set; }

    /// <summary>Cancelled when it dies.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>A moment at which it may die.</summary>
    /// <param name="where">The moment, as a person would say it.</param>
    /// <param name="weight">How likely that is here, next to a request.</param>
    /// <exception cref="ProcessDiedException">It did.</exception>
    public void MayDie(string where, double weight = 1)
    {
        if (IsDead || !kills(weight))
            return;
        died(where);
        IsDead = true;
        _cut.Cancel();
        throw new ProcessDiedException();
    }
}
