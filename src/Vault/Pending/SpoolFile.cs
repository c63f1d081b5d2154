using Coffer.Vaults.Bodies;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Pending;

/// <summary>A spool file while it is written. It is deleted again unless an entry of the queue names it in the end.</summary>
internal sealed class SpoolFile : IPieceSink, IDisposable
{
    private readonly string _path;
    private readonly IWorkers _workers;
    private readonly Action<long> _reserve;
    private readonly FileStream _file;
    private long _end;
    private bool _kept;

    public SpoolFile(string path, IWorkers workers, Action<long> reserve)
    {
        _path = path;
        _workers = workers;
        _reserve = reserve;
        // Held against all others, among all processes, so that it is not swept before its entry is there.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(path, options);
        if (File.Exists(path))
            return;
        _file.Dispose();
        throw new FileNotFoundException($"'{path}' was deleted as soon as it was made.", path);
    }

    public string Name => Path.GetFileName(_path);

    public async ValueTask<PiecePlace> PutAsync(int pieceIndex, ReadOnlyMemory<byte> sealedPiece, Digest root, CancellationToken cancellationToken)
    {
        _reserve(sealedPiece.Length);
        var offset = Interlocked.Add(ref _end, sealedPiece.Length) - sealedPiece.Length;
        // Written in one go by a worker: the system's asynchronous files go on on threads of their own, which a simulation cannot order.
        await _workers.RunAsync(() => RandomAccess.Write(_file.SafeFileHandle, sealedPiece.Span, offset), cancellationToken);
        return new PiecePlace(null, offset, root);
    }

    /// <summary>Makes all of it durable, its name too.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => _workers.RunAsync(
        () =>
        {
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
            FolderSync.Flush(Path.GetDirectoryName(_path)!);
        },
        cancellationToken);

    /// <summary>Notes that an entry of the queue names it.</summary>
    public void Keep() => _kept = true;

    public void Dispose()
    {
        if (!_kept)
            File.Delete(_path);
        _file.Dispose();
    }
}
