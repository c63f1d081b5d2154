namespace Coffer.Vaults;

/// <summary>The machine's clock, named in one place.</summary>
internal static class SystemTime
{
#pragma warning disable RS0030 // The one place where the machine's clock enters.
    public static TimeProvider Instance => TimeProvider.System;
#pragma warning restore RS0030
}
