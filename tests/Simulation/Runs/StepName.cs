namespace Coffer.Simulation;

/// <summary>One step of a history: whose, and which of theirs. It is the same step whatever other steps are left out.</summary>
/// <param name="Actor">Who acts: the device, a dot, and which of those who act on it, as in 'anna-1.2'.</param>
/// <param name="Number">Counts the actor's steps from 1.</param>
internal readonly record struct StepName(string Actor, int Number)
{
    public override string ToString() => $"{Actor}:{Number}";
}
