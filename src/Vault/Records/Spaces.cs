namespace Coffer.Vaults.Records;

/// <summary>Names do not meet across spaces. Those above 1 belong to what is built on a vault.</summary>
internal static class Spaces
{
    public const long Files = 0;

    public const long Members = 1;
}
