namespace Coffer;

/// <summary>
/// What a put sends: bytes, a file, a stream, or whatever a function opens. It knows its length or does not, and can be opened again for a retry when its
/// source allows it. A source that gives fewer or more bytes than the length that was named fails the put; nothing of it becomes visible.
/// </summary>
public sealed class ObjectBody
{
    private readonly Func<CancellationToken, ValueTask<Stream>> _open;
    private readonly bool _ownsStream;
    private int _opened;

    private ObjectBody(Func<CancellationToken, ValueTask<Stream>> open, long? length, bool canReopen, bool ownsStream)
    {
        _open = open;
        _ownsStream = ownsStream;
        Length = length;
        CanReopen = canReopen;
    }

    /// <summary>The length in bytes; null when it is not known beforehand.</summary>
    public long? Length { get; }

    /// <summary>Whether <see cref="OpenAsync"/> works more than once, each time giving the same bytes.</summary>
    public bool CanReopen { get; }

    /// <summary>Whether <see cref="OpenAsync"/> would give the bytes now: it can be opened again, or has not been opened yet.</summary>
    public bool CanOpen => CanReopen || Volatile.Read(ref _opened) == 0;

    /// <summary>The bytes themselves, when they are in memory, so that a store need not copy them; else null.</summary>
    public ReadOnlyMemory<byte>? Memory { get; private init; }

    /// <summary>A body of bytes in memory. They must not change until the put is done.</summary>
    public static ObjectBody FromBytes(ReadOnlyMemory<byte> bytes) =>
        new(_ => ValueTask.FromResult<Stream>(new ReadOnlyMemoryStream(bytes)), bytes.Length, canReopen: true, ownsStream: true) { Memory = bytes };

    /// <summary>A body of a file, as long as it is now.</summary>
    /// <exception cref="IOException">The file cannot be found or opened.</exception>
    public static ObjectBody FromFile(string path)
    {
        var length = new FileInfo(path).Length;
        return new(_ => ValueTask.FromResult<Stream>(new FileStream(path, new FileStreamOptions
        {
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            Share = FileShare.Read | FileShare.Delete,
        })), length, canReopen: true, ownsStream: true);
    }

    /// <summary>
    /// A body of a stream, from its current position. A seekable one is as long as it is now and can be opened again; another one is opened once, and has the
    /// length that the caller names. The stream is not disposed by the put, and belongs to it until it ends.
    /// </summary>
    /// <param name="stream">A readable stream.</param>
    /// <param name="length">The length of a stream that cannot seek, in bytes, where the caller knows it. A seekable stream's own length holds.</param>
    public static ObjectBody FromStream(Stream stream, long? length = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
            return new(_ => ValueTask.FromResult(stream), length, canReopen: false, ownsStream: false);
        var start = stream.Position;
        return new(_ =>
        {
            stream.Position = start;
            return ValueTask.FromResult(stream);
        }, stream.Length - start, canReopen: true, ownsStream: false);
    }

    /// <summary>A body that a function opens.</summary>
    /// <param name="open">Opens the source from its beginning. The put disposes what it gives.</param>
    /// <param name="length">The length in bytes; null when it is not known.</param>
    /// <param name="canReopen">Whether the function can be called again and gives the same bytes.</param>
    public static ObjectBody FromSource(Func<CancellationToken, ValueTask<Stream>> open, long? length, bool canReopen)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (length is { } known)
            ArgumentOutOfRangeException.ThrowIfNegative(known, nameof(length));
        return new(open, length, canReopen, ownsStream: true);
    }

    /// <summary>
    /// Opens the body from its beginning. The stream ends after <see cref="Length"/> bytes, and reading it fails when its source has fewer or more.
    /// Dispose it: that leaves a stream that the caller owns as it is.
    /// </summary>
    /// <param name="progress">Told how many bytes were read so far.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="InvalidOperationException">It was opened before and cannot be opened again.</exception>
    public async ValueTask<Stream> OpenAsync(IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _opened, 1) == 1 && !CanReopen)
            throw new InvalidOperationException("This body comes from a stream that can be read only once, and it was read before.");
        var stream = await _open(cancellationToken);
        return new BodyStream(stream, Length, progress, leaveOpen: !_ownsStream);
    }
}
