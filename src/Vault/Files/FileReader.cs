using Coffer.Vaults.Bodies;
using Coffer.Vaults.Files;

namespace Coffer.Vaults;

/// <summary>A file being read. Every byte that <see cref="Content"/> gives was verified before. Dispose it.</summary>
public sealed class FileReader : IAsyncDisposable
{
    private readonly BodyReader? _body;
    private readonly ReadOnlyMemory<byte> _opened;
    private readonly IRandomSource _random;
    private readonly bool _isPart;

    /// <param name="version">The version that is read.</param>
    /// <param name="body">Its content.</param>
    /// <param name="random">Gives temporary names.</param>
    /// <param name="range">The part to read; null for all.</param>
    internal FileReader(FileVersion version, BodyReader body, IRandomSource random, ByteRange? range)
    {
        Version = version;
        Content = body.OpenRead(Math.Min(range?.Offset ?? 0, version.Size), range?.Length);
        _body = body;
        _random = random;
        _isPart = range is not null;
    }

    /// <param name="version">The version that is read.</param>
    /// <param name="opened">All of its content, verified.</param>
    /// <param name="random">Gives temporary names.</param>
    internal FileReader(FileVersion version, ReadOnlyMemory<byte> opened, IRandomSource random)
    {
        Version = version;
        Content = new ReadOnlyMemoryStream(opened);
        _opened = opened;
        _random = random;
    }

    /// <summary>The version that is read.</summary>
    public FileVersion Version { get; }

    /// <summary>Its content, forward only.</summary>
    public Stream Content { get; }

    /// <summary>
    /// Writes all of the file into a local one, as fast as it comes, whatever was read of <see cref="Content"/>. The local file appears whole, in place of one that was there, or not at all.
    /// </summary>
    /// <remarks>
    /// What was written of a file of more than 16 MiB when the store failed, it was cancelled, or the process ended, stays beside the destination as <c>.coffer-*.part</c>; the next call with this destination goes on with it, and fetches
    /// only what is missing, once each piece that is there was found to be right. In a folder where everybody may write nothing stays.
    /// </remarks>
    /// <param name="destination">The local path; its folder must be there.</param>
    /// <param name="options">The time and permissions of the local file, and progress.</param>
    /// <param name="cancellationToken">Cancels it; the destination stays as it was.</param>
    /// <exception cref="InvalidOperationException">Only a part was asked for.</exception>
    /// <exception cref="BodyDamagedException">The store has other bytes than were written.</exception>
    /// <exception cref="BodyMissingException">The store does not have its content.</exception>
    /// <exception cref="IOException">The local file cannot be written.</exception>
    public async Task WriteToFileAsync(string destination, WriteToFileOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(destination);
        if (_isPart)
            throw new InvalidOperationException("This reader reads a part of a file, and a file is written as a whole.");
        await CallerContext.Leave();
        options ??= new WriteToFileOptions();
        var file = new LocalFile(destination, options with { Modified = options.Modified ?? Version.Modified }, _random);
        if (_body is null)
            file.Write(_opened.Span);
        else
            await file.WriteAsync(_body, Version.Size, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
