using Coffer.Vaults.Databases;

namespace Coffer.Vaults.State;

/// <summary>Which vault the state belongs to, and whose it is.</summary>
internal sealed class MetaTable(LocalDatabase database)
{
    public string? VaultId { get => Text("vault"); set => Set("vault", value); }

    public string? Realm { get => Text("realm"); set => Set("realm", value); }

    public string? Creator { get => Text("creator"); set => Set("creator", value); }

    public string? Member { get => Text("member"); set => Set("member", value); }

    /// <summary>The machine on which the state was used last: on another one it is a copy, and takes new writers.</summary>
    public string? Machine { get => Text("machine"); set => Set("machine", value); }

    /// <summary>The name of the store that was asked whether it keeps the promise of create-only puts, and does.</summary>
    public string? ProbedStore { get => Text("probed-store"); set => Set("probed-store", value); }

    /// <summary>What it answered, in its own words.</summary>
    public string? ProbeAnswer { get => Text("probe-answer"); set => Set("probe-answer", value); }

    private string? Text(string name) => database.Scalar("SELECT value FROM main.meta WHERE name=?", name) as string;

    private void Set(string name, string? value) =>
        database.Run("INSERT INTO main.meta(name, value) VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value", name, value);
}
