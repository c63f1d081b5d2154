namespace Coffer.Fuzzing;

/// <summary>A parser of bytes that come from a store, from another person, or from a disk.</summary>
internal abstract class FuzzTarget
{
    /// <summary>What it is called on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Of so many cases one is run: a parser that takes long gets fewer.</summary>
    public virtual int Rarity => 1;

    /// <summary>How many bytes it may allocate beside a multiple of the input.</summary>
    public virtual long AllocatedAtLeast => 64 << 10;

    /// <summary>Of how many bytes for each byte of the input it may allocate.</summary>
    public virtual long AllocatedPerByte => 64;

    /// <summary>Inputs to begin with: what the product makes itself.</summary>
    public abstract IEnumerable<byte[]> Seeds(SeedWorld world);

    /// <summary>Reads an input. True when it was accepted; then what was read is also written again, and has the same bytes.</summary>
    /// <exception cref="FuzzException">It was accepted, and is written otherwise.</exception>
    public abstract bool Read(byte[] input);

    /// <summary>Whether an exception is one that is documented for bytes that are wrong.</summary>
    public abstract bool IsDocumented(Exception fault);

    /// <summary>Requires that what was read is written as it was.</summary>
    protected static bool Same(ReadOnlySpan<byte> input, ReadOnlySpan<byte> written) =>
        input.SequenceEqual(written) ? true : throw new FuzzException($"it is accepted, and written again it has other bytes: {Convert.ToHexStringLower(written)}");
}
