using Coffer.Vaults.Databases;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>What a device keeps, looked at from outside while nobody has it open.</summary>
internal static class LocalFiles
{
    /// <summary>Checks each page of state and index.</summary>
    public static void RequireWhole(string index)
    {
        using var database = LocalDatabase.Open(new LocalPaths(index));
        Assert.Equal("ok", database.Scalar("PRAGMA main.integrity_check"));
        Assert.Equal("ok", database.Scalar("PRAGMA idx.integrity_check"));
    }

    /// <summary>The bodies that commits name, as a new peer finds them.</summary>
    public static async Task<string[]> NamedBodiesAsync(Team team, PrivateId member)
    {
        var index = team.NewIndex();
        await team.CloseAsync(await team.OpenAsync(member, index));
        using var database = LocalDatabase.Open(new LocalPaths(index));
        var names = new VaultNames(team.Realm);
        return [.. database.Query("SELECT DISTINCT segment, id FROM idx.objects", reader => names.Object(new(reader.GetInt64(0), reader.U128(1))).Value).Order(StringComparer.Ordinal)];
    }
}
