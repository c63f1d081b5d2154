namespace Coffer;

/// <summary>The operations of <see cref="IStore"/>, as errors, counters and traces name them.</summary>
public enum StoreOperation
{
    /// <summary>Opening the store itself, before any operation.</summary>
    Open,

    /// <summary><see cref="IStore.StatAsync"/>.</summary>
    Stat,

    /// <summary><see cref="IStore.OpenReadAsync"/>, and reading the content that it gave.</summary>
    Read,

    /// <summary><see cref="IStore.PutAsync"/>.</summary>
    Put,

    /// <summary><see cref="IStore.DeleteAsync"/> and its batch form.</summary>
    Delete,

    /// <summary><see cref="IStore.ListAsync"/>.</summary>
    List,
}
