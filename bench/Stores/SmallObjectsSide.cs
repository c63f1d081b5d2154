namespace Coffer.Bench.Stores;

/// <summary>Who puts and gets many small objects.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Put">Puts all of them below a name, and gives the seconds.</param>
/// <param name="Get">Gets all of them from below a name, and gives the seconds.</param>
internal sealed record SmallObjectsSide(string Name, Func<string, Task<double>> Put, Func<string, Task<double>> Get)
{
    /// <summary>The seconds of each round that counts.</summary>
    public List<double> Puts { get; } = [];

    /// <inheritdoc cref="Puts"/>
    public List<double> Gets { get; } = [];
}
