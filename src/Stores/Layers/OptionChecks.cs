namespace Coffer.Stores;

/// <summary>The checks of option values, with one wording.</summary>
internal static class OptionChecks
{
    public static void Between<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {most}, and is {value}.");
    }

    public static void NoDefault(StoreKey? value, string name)
    {
        if (value is { IsDefault: true })
            throw new ArgumentOutOfRangeException(name, $"{name} is the default StoreKey, which is no key; make one with StoreKey.Parse.");
    }
}
