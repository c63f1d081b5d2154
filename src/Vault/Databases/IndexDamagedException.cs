namespace Coffer.Vaults.Databases;

/// <summary>The index was damaged, and an empty one has taken its place: what was asked for can be done again.</summary>
internal sealed class IndexDamagedException(string message, Exception inner) : VaultException(message, inner);
