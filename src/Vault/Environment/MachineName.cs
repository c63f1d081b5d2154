namespace Coffer.Vaults;

/// <summary>What tells one machine from another.</summary>
internal static class MachineName
{
    private const string LinuxMachineId = "/etc/machine-id";

    /// <summary>The id that systemd gives each installation (machine-id(5)), else the machine's name.</summary>
    public static string Read()
    {
        try
        {
            return File.Exists(LinuxMachineId) && File.ReadAllText(LinuxMachineId).Trim() is { Length: > 0 } id ? id : Environment.MachineName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Environment.MachineName;
        }
    }
}
