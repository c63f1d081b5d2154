namespace Coffer.Simulation;

/// <summary>The simulation itself cannot go on: it stands still, runs for ever, or is not determined. The message tells what was in flight.</summary>
internal sealed class SimulationBrokenException(string message, Exception? inner = null) : Exception(message, inner);
