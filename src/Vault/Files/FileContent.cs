using Coffer.Vaults.Transfers;

namespace Coffer.Vaults;

/// <summary>The content of a file to be written: bytes, a stream, or a local file. It is read once.</summary>
public sealed class FileContent
{
    private readonly Func<Stream> _open;
    private readonly bool _ownsStream;

    private FileContent(Func<Stream> open, bool ownsStream, long? length, DateTimeOffset? modified)
    {
        _open = open;
        _ownsStream = ownsStream;
        Length = length;
        Modified = modified;
    }

    /// <summary>The length in bytes; null when it is not known beforehand.</summary>
    public long? Length { get; }

    /// <summary>The content, where it is in memory.</summary>
    internal ReadOnlyMemory<byte>? Bytes { get; private init; }

    /// <summary>Gives where the content comes from, as it is now, if it can be had again from there; else null.</summary>
    internal Func<ContentSource?> Source { get; private init; } = static () => null;

    /// <summary>The time that the source itself has, where it has one.</summary>
    public DateTimeOffset? Modified { get; }

    /// <summary>Bytes in memory. They must not change until the call that writes them returns.</summary>
    public static FileContent FromBytes(ReadOnlyMemory<byte> bytes) => new(() => new ReadOnlyMemoryStream(bytes), ownsStream: true, bytes.Length, null) { Bytes = bytes };

    /// <summary>A stream, from its current position. It stays open, and belongs to the write until that ends.</summary>
    /// <param name="stream">A readable stream.</param>
    /// <param name="length">The length of a stream that cannot seek, where the caller knows it; one that can tells it itself.</param>
    public static FileContent FromStream(Stream stream, long? length = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(() => stream, ownsStream: false, stream.CanSeek ? stream.Length - stream.Position : length, null);
    }

    /// <summary>A local file, as it is now, with its time. An asynchronous or scheduled write takes a copy of it before the call returns, because the file may change.</summary>
    /// <exception cref="IOException">It cannot be found.</exception>
    public static FileContent FromFile(string path)
    {
        var file = new FileInfo(path);
        return new(
            () => new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 }),
            ownsStream: true, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero))
        {
            Source = () => ContentSource.OfFile(path),
        };
    }

    /// <summary>What was accepted before, and is read from this machine's disk.</summary>
    internal static FileContent FromSpool(Func<Stream> open, long length, ContentSource source) => new(open, ownsStream: true, length, null) { Source = () => source };

    /// <summary>Opens the content; the stream is disposed by the second part of the result, which leaves a caller's stream open.</summary>
    internal (Stream Stream, IDisposable? Owned) Open()
    {
        var stream = _open();
        return (stream, _ownsStream ? stream : null);
    }
}
