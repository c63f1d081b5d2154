namespace Coffer.Vaults.Tests.Attacks;

/// <summary>One commit of the world, as it was made.</summary>
/// <param name="Commit">The key that it came under; it may stand in a pack by now.</param>
/// <param name="Path">The file that it wrote; null for something else.</param>
/// <param name="Bodies">The objects in <c>data/</c> that came with it.</param>
internal sealed record Step(StoreKey Commit, string? Path, StoreKey[] Bodies)
{
    /// <summary>The line of commits that it stands on, and where.</summary>
    public (string Writer, string Number) Place => (Commit.Value.Split('/')[^2], Commit.Value.Split('/')[^1]);
}
