namespace Coffer.Vaults.Index;

/// <summary>A name that nothing else has.</summary>
internal static class RandomName
{
    public static string New(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
