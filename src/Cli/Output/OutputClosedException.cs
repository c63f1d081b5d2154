namespace Coffer.Cli.Output;

/// <summary>Nobody reads standard output any more, as when it went into <c>head</c>. There is nobody to tell, so the tool just ends.</summary>
internal sealed class OutputClosedException() : IOException("Standard output was closed by its reader.");
