namespace Coffer.Vaults;

/// <summary>A moment of writing the local files, at which a simulation can end the process.</summary>
internal enum LocalWrite
{
    /// <summary>All is ready to be committed, and nothing of it is.</summary>
    Before,

    /// <summary>It is committed, and nobody has acted on that yet.</summary>
    After,
}
