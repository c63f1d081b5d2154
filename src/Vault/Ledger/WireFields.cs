using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>Fields of blocks beyond the basic ones.</summary>
internal static class WireFields
{
    /// <summary>A hash, 32 bytes.</summary>
    public static WireWriter Hash(this WireWriter writer, Digest hash)
    {
        Span<byte> bytes = stackalloc byte[Digest.Size];
        hash.CopyTo(bytes);
        return writer.Raw(bytes);
    }

    /// <summary>A hash, 32 bytes.</summary>
    public static Digest Hash(this ref WireReader reader) => new(reader.Raw(Digest.Size));

    /// <summary>The number of a commit: 8 bytes, from 1 to 2^63 - 1.</summary>
    public static long CommitNumber(this ref WireReader reader)
    {
        var number = Counter(reader.U64(), "number");
        return number > 0 ? number : throw new WireException("the number of a commit is 0; they count from 1");
    }

    /// <summary>A slot, height or number as a signed integer.</summary>
    /// <exception cref="WireException">It is above 2^63 - 1.</exception>
    public static long Counter(ulong value, string what) =>
        value <= long.MaxValue ? (long)value : throw new WireException($"the {what} is above 2^63 - 1");

    /// <summary>An access level, 1 byte.</summary>
    public static AccessLevel Level(this ref WireReader reader)
    {
        var level = reader.U8();
        return level <= (byte)AccessLevel.Admin ? (AccessLevel)level : throw new WireException($"there is no access level {level}");
    }
}
