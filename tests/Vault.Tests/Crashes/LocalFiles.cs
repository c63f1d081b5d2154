using Coffer.Vaults.Databases;
using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>What a device keeps, looked at from outside while nobody has it open.</summary>
internal static class LocalFiles
{
    /// <summary>Checks each page of state and index, and that what belongs together is there together.</summary>
    public static void RequireWhole(string index)
    {
        using var database = LocalDatabase.Open(new LocalPaths(index));
        Assert.Equal("ok", database.Scalar("PRAGMA main.integrity_check"));
        Assert.Equal("ok", database.Scalar("PRAGMA idx.integrity_check"));
    }
}
