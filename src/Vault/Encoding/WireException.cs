using System.Diagnostics.CodeAnalysis;

namespace Coffer.Vaults.Encoding;

/// <summary>Bytes that are not what the format says. The message tells a person what does not fit, and where.</summary>
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Never leaves the vault; its message goes into a finding or a public exception.")]
internal sealed class WireException : Exception
{
    public WireException(string message)
        : base(message)
    {
    }

    public WireException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
