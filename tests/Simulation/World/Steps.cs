namespace Coffer.Simulation;

/// <summary>What is to be done with a step.</summary>
internal enum StepTurn
{
    /// <summary>It is taken.</summary>
    Take,

    /// <summary>Nothing is done in it; the pause behind it is made, so that the next one comes at its time.</summary>
    LeaveOut,

    /// <summary>There is none any more for who asked.</summary>
    Over,
}

/// <summary>Hands out the steps: so many as the seed draws, or those alone that the plan names.</summary>
/// <param name="plan">What is left out.</param>
/// <param name="drawn">How many the seed draws.</param>
internal sealed class Steps(SeedPlan plan, int drawn)
{
    private readonly HashSet<string> _acting = new(StringComparer.Ordinal);
    private readonly List<StepName> _taken = [];

    /// <summary>How many are to be taken at most.</summary>
    public int Count { get; } = plan.Only?.Count ?? plan.Steps ?? drawn;

    /// <summary>Whether nobody takes a step any more.</summary>
    public bool IsOver => plan.Only is null ? _taken.Count >= Count : _acting.Count == 0;

    /// <summary>Those that were taken, in their order.</summary>
    public IReadOnlyList<StepName> Taken => _taken;

    /// <summary>Asks for a step, and takes it when it is to be taken.</summary>
    public StepTurn Next(StepName step)
    {
        if (IsOverFor(step))
        {
            _acting.Remove(step.Actor);
            return StepTurn.Over;
        }
        _acting.Add(step.Actor);
        if (plan.Only?.Contains(step) == false)
            return StepTurn.LeaveOut;
        _taken.Add(step);
        return StepTurn.Take;
    }

    private bool IsOverFor(StepName step) => plan.Only is { } only ? !only.Any(other => other.Actor == step.Actor && other.Number >= step.Number) : IsOver;
}
