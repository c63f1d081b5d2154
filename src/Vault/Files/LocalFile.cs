using Coffer.Vaults.Bodies;
using Coffer.Vaults.Transfers;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Vaults.Files;

/// <summary>A local file that a body is written into: it appears whole, or not at all.</summary>
internal sealed class LocalFile
{
    private readonly string _full;
    private readonly WriteToFileOptions _options;
    private readonly IRandomSource _random;

    /// <param name="destination">Its path.</param>
    /// <param name="options">Its time and permissions, and progress.</param>
    /// <param name="random">Gives temporary names.</param>
    public LocalFile(string destination, WriteToFileOptions options, IRandomSource random)
    {
        _full = Path.GetFullPath(destination);
        _options = options;
        _random = random;
    }

    /// <summary>
    /// Writes a body piece by piece, beside its place, and moves it there. When the store fails, or it is cancelled, what was written of a large one stays, and the next call for this place goes on with it.
    /// </summary>
    public Task WriteAsync(BodyReader body, long length, CancellationToken cancellationToken) =>
        length > PieceLayout.PieceSize ? WriteLargeAsync(body, length, cancellationToken) : WriteSmallAsync(body, length, cancellationToken);

    private async Task WriteLargeAsync(BodyReader body, long length, CancellationToken cancellationToken)
    {
        var temporary = PartialFile.NewPath(_full, _random);
        var isWorthKeeping = false;
        try
        {
            using (var partial = PartialFile.Open(_full, length, temporary))
            {
                temporary = partial.Path;
                var sink = new FileBodySink(partial.Handle);
                try
                {
                    await body.CopyToAsync(sink, partial.IsResumed ? sink : null, _options.Progress, cancellationToken);
                }
                catch (Exception e) when (e is OperationCanceledException or StoreException)
                {
                    isWorthKeeping = (partial.IsResumed || sink.HasWritten) && PartialFile.MayStay(_full);
                    throw;
                }
                RandomAccess.SetLength(partial.Handle, length);
                Finish(partial.Handle);
            }
            File.Move(temporary, _full, overwrite: true);
        }
        catch (Exception e) when (!isWorthKeeping)
        {
            if (Undo(e, temporary) is { } told)
                throw told;
            throw;
        }
        PartialFile.Sweep(_full);
    }

    private async Task WriteSmallAsync(BodyReader body, long length, CancellationToken cancellationToken)
    {
        var temporary = TemporaryName();
        try
        {
            using (var handle = Open(temporary, length))
            {
                await body.CopyToAsync(new FileBodySink(handle), kept: null, _options.Progress, cancellationToken);
                Finish(handle);
            }
            File.Move(temporary, _full, overwrite: true);
        }
        catch (Exception e)
        {
            if (Undo(e, temporary) is { } told)
                throw told;
            throw;
        }
    }

    /// <summary>
    /// Writes a content that is in memory, and so is whole and verified. Where nothing has the name it is written in place, which costs half: it can be seen unfinished for the moment of one write, and
    /// what cannot be finished is removed.
    /// </summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        if (!TryCreate(content))
            Replace(content);
        _options.Progress?.Report(content.Length);
    }

    private bool TryCreate(ReadOnlySpan<byte> content)
    {
        SafeFileHandle handle;
        try
        {
            handle = Open(_full, 0);
        }
        catch (IOException) when (Path.Exists(_full) || new FileInfo(_full).LinkTarget is not null)
        {
            return false;
        }
        try
        {
            using (handle)
                Fill(handle, content);
            return true;
        }
        catch
        {
            File.Delete(_full);
            throw;
        }
    }

    private void Replace(ReadOnlySpan<byte> content)
    {
        var temporary = TemporaryName();
        try
        {
            using (var handle = Open(temporary, 0))
                Fill(handle, content);
            File.Move(temporary, _full, overwrite: true);
        }
        catch (Exception e)
        {
            if (Undo(e, temporary) is { } told)
                throw told;
            throw;
        }
    }

    private void Fill(SafeFileHandle handle, ReadOnlySpan<byte> content)
    {
        RandomAccess.Write(handle, content, 0);
        Finish(handle);
    }

    private void Finish(SafeFileHandle handle)
    {
        File.SetLastWriteTimeUtc(handle, _options.Modified!.Value.UtcDateTime);
        if (_options.Mode is { } mode && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(handle, mode);
    }

    /// <summary>Removes what was begun. Gives the error with the name that the caller gave: the temporary one means nothing to anybody. Null when it is not in there.</summary>
    private Exception? Undo(Exception error, string temporary)
    {
        // A folder that is not there would be the error of the deletion, with a name that nobody gave.
        if (File.Exists(temporary))
            File.Delete(temporary);
        if (!error.Message.Contains(temporary, StringComparison.Ordinal))
            return null;
        var text = error.Message.Replace(temporary, _full, StringComparison.Ordinal);
        return error switch
        {
            UnauthorizedAccessException => new UnauthorizedAccessException(text, error),
            DirectoryNotFoundException => new DirectoryNotFoundException(text, error),
            PathTooLongException => new PathTooLongException(text, error),
            IOException => new IOException(text, error) { HResult = error.HResult },
            _ => null,
        };
    }

    // Nobody else knows of it, so it need not be locked, which costs a call to the system.
    private static SafeFileHandle Open(string path, long length) =>
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, length);

    private string TemporaryName()
    {
        Span<byte> name = stackalloc byte[8];
        _random.Fill(name);
        return Path.Combine(Path.GetDirectoryName(_full) ?? "", $".coffer-{Convert.ToHexStringLower(name)}.part");
    }
}
