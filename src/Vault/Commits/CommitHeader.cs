using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Commits;

/// <summary>The plain beginning of a commit, associated data of its head (format, section 6).</summary>
internal sealed record CommitHeader
{
    /// <summary>Its size in bytes.</summary>
    public const int Size = 122;

    /// <summary>The largest sealed head.</summary>
    public const int MaxHead = 64 << 20;

    /// <summary>The largest tail.</summary>
    public const int MaxTail = 64 << 10;

    public required ulong Writer { get; init; }

    public required long Number { get; init; }

    /// <summary>The hybrid clock: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16.</summary>
    public required HybridTime Clock { get; init; }

    public required long Epoch { get; init; }

    public required Digest Previous { get; init; }

    /// <summary>When the last of its records ends, in milliseconds since 1970; 0 = never.</summary>
    public required long Ends { get; init; }

    /// <summary>The size of the sealed head, with its tag.</summary>
    public required int HeadLength { get; init; }

    public required int TailLength { get; init; }

    public required byte[] Salt { get; init; }

    public int TailOffset => Size + HeadLength;

    public long TotalLength => (long)Size + HeadLength + TailLength;

    private static ReadOnlySpan<byte> Magic => "coffercm"u8;

    /// <exception cref="WireException">These bytes are no header of version 1.</exception>
    public static CommitHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        if (!reader.Raw(Magic.Length).SequenceEqual(Magic))
            throw new WireException("it is no commit (its first bytes differ)");
        var version = reader.U16();
        if (version != 1)
            throw new WireException($"it has version {version}, and this software reads version 1");
        var writer = reader.U64();
        var header = new CommitHeader
        {
            Writer = writer,
            Number = Positive(reader.U64(), least: 1, "number"),
            Clock = new HybridTime(Positive(reader.U64(), least: 0, "clock")),
            Epoch = Positive(reader.U64(), least: 1, "epoch"),
            Previous = new Digest(reader.Raw(Digest.Size)),
            Ends = Positive(reader.U64(), least: 0, "end"),
            HeadLength = Bounded(reader.U32(), MaxHead, "head"),
            TailLength = Bounded(reader.U32(), MaxTail, "tail"),
            Salt = reader.Raw(32).ToArray(),
        };
        reader.End();
        if (header.Number == 1 != header.Previous.IsZero)
            throw new WireException("a writer's first commit, and no other, has no predecessor");
        return header;
    }

    public byte[] ToArray()
    {
        var writer = new WireWriter();
        writer.Raw(Magic);
        writer.U16(1);
        writer.U64(Writer);
        writer.U64((ulong)Number);
        writer.U64((ulong)Clock.Value);
        writer.U64((ulong)Epoch);
        writer.Raw(Previous.ToArray());
        writer.U64((ulong)Ends);
        writer.U32((uint)HeadLength);
        writer.U32((uint)TailLength);
        writer.Raw(Salt);
        return writer.ToArray();
    }

    private static long Positive(ulong value, long least, string what) =>
        value <= long.MaxValue && (long)value >= least ? (long)value : throw new WireException($"its {what} is out of range");

    private static int Bounded(uint value, int most, string what) =>
        value <= most ? (int)value : throw new WireException($"its {what} of {value} bytes is larger than the {most} that are allowed");
}
