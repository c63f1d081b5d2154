using System.Diagnostics.CodeAnalysis;

namespace Coffer.Vaults.Transfers;

/// <summary>The source of an upload that is gone on with is not what it was: what was begun cannot be used.</summary>
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Never leaves the vault: the upload starts over.")]
internal sealed class SourceChangedException : Exception
{
    public SourceChangedException()
        : base("The content changed since its upload began.")
    {
    }
}
