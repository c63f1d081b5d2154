namespace Coffer.Simulation;

/// <summary>The life of one process: where it may end, and that it has.</summary>
/// <param name="kills">Whether the process dies at a moment that is so likely, next to a request, to be its last.</param>
/// <param name="died">Told where it died, before anybody notices.</param>
internal sealed class Lifeline(Func<double, bool> kills, Action<string> died)
{
    private const double LocalWriteWeight = 0.5;
    private const double RareWeight = 15;

    /// <summary>The moments before and after two local writes.</summary>
    private const int Nearest = 4;

    private readonly CancellationTokenSource _cut = new();
    private int _rare;

    public bool IsDead { get; private set; }

    /// <summary>Cancelled when it dies.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>It did what is seldom done. What it does with that is as rare, so it dies there more often: else it hardly ever would.</summary>
    public void DidSomethingRare() => _rare = Nearest;

    /// <summary>It writes its local files, and may die at that.</summary>
    /// <exception cref="ProcessDiedException">It did.</exception>
    public void MayDieAtLocalWrite(bool isBefore) => MayDie(isBefore ? "before a local write" : "after a local write", _rare-- > 0 ? RareWeight : LocalWriteWeight);

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
