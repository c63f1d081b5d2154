namespace Coffer.Stores.Sftp;

/// <summary>What a server offers: its extensions, and how large a request may be.</summary>
/// <param name="Extensions">By name.</param>
/// <param name="ReadBytes">The most that one READ may ask for.</param>
/// <param name="WriteBytes">The most that one WRITE may carry.</param>
internal sealed record ServerFeatures(IReadOnlySet<string> Extensions, int ReadBytes, int WriteBytes)
{
    /// <summary>What every server takes (section 3: packets up to 34,000 bytes).</summary>
    public const int SafeBytes = 32768;

    /// <summary>What OpenSSH takes: its largest packet without the room for a header. More would only delay other requests.</summary>
    private const int MostBytes = 261_120;

    public bool Has(string extension) => Extensions.Contains(extension);

    /// <summary>Reads a VERSION, behind its type.</summary>
    public static (uint Version, HashSet<string> Extensions) ReadVersion(ReadOnlySpan<byte> bytes)
    {
        var reader = new PacketReader(bytes);
        var version = reader.UInt32();
        var extensions = new HashSet<string>(StringComparer.Ordinal);
        while (!reader.IsAtEnd)
        {
            extensions.Add(reader.Text());
            _ = reader.Bytes();
        }
        return (version, extensions);
    }

    /// <summary>These features with the limits that the server told: the largest packet, READ, WRITE, and the number of handles; 0 where it has none.</summary>
    public ServerFeatures WithLimits(ReadOnlySpan<byte> reply)
    {
        var reader = new PacketReader(reply);
        var (packet, read, write) = (reader.UInt64(), reader.UInt64(), reader.UInt64());
        return this with { ReadBytes = Limit(read, packet), WriteBytes = Limit(write, packet) };
    }

    /// <summary>A packet has a header of up to 1,024 bytes besides its content.</summary>
    private static int Limit(ulong limit, ulong packet)
    {
        var bytes = limit is 0 ? (ulong)SafeBytes : limit;
        if (packet > 1024)
            bytes = Math.Min(bytes, packet - 1024);
        return (int)Math.Clamp(bytes, 1024, MostBytes);
    }
}
