namespace Coffer.Simulation;

/// <summary>The process that asked is dead. Only what died with it ever sees this.</summary>
internal sealed class ProcessDiedException() : Exception("The process died.");
