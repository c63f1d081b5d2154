namespace Coffer.Simulation;

/// <summary>The simulator itself is broken, so that nothing that it says is worth anything.</summary>
internal sealed class SelfCheckException(string message) : Exception(message);
