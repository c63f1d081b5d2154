namespace Coffer.Vaults.Records;

/// <summary>Hides a file, and keeps its versions.</summary>
internal sealed record DeleteRecord : FileRecord;
