using System.Buffers.Binary;
using System.Security.Cryptography;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Transfers;

/// <summary>
/// What one upload has begun, in a file of its own beside the state: the key of the body, and each piece before its put begins. So an upload that was cut off, also by the end of its process, goes on with what is
/// missing, and no piece is ever sealed twice with other plaintext: what is sealed again must have the root that stands here. It is held against all others, among all processes, while it is open.
/// </summary>
/// <remarks>
/// The file is a row of parts of fixed sizes, each sealed by <see cref="LocalSeal"/>: the start (a magic, the digest of the source's name and facts, the deadline, the key), then the pieces in the order in which their puts began.
/// A part that was cut off or does not open ends it; what stands behind is overwritten.
/// </remarks>
internal sealed class UploadJournal : IDisposable
{
    private const int StartSize = sizeof(ulong) + Digest.Size + sizeof(long) + BodyDescriptor.KeySize;

    private static readonly ulong Magic = BinaryPrimitives.ReadUInt64BigEndian("CFUPLD01"u8);

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly LocalSeal _seal;
    private readonly byte[] _key = new byte[BodyDescriptor.KeySize];
    private readonly Dictionary<int, UploadedPiece> _pieces = [];
    private Digest _source;
    private long _end;
    private bool _isClosed;

    private UploadJournal(FileStream file, LocalSeal seal) => (_file, _seal) = (file, seal);

    /// <summary>Whether an earlier upload is gone on with.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>The key of the body.</summary>
    public ReadOnlyMemory<byte> Key => _key;

    /// <summary>Until when a commit may name its objects, by <see cref="VaultDevice.StoreNow"/>.</summary>
    public long Deadline { get; private set; }

    /// <summary>Goes on with what a file holds, if that is an upload of this source which can still be committed; else begins a new one.</summary>
    /// <param name="file">The file, open for reading and writing and held against all others. It belongs to the journal from now on.</param>
    /// <param name="source">What is uploaded.</param>
    /// <param name="now">The store's time, in milliseconds since 1970.</param>
    /// <param name="deadline">Until when a commit may name the objects of a new one, by the same time.</param>
    /// <param name="seal">Seals the file's parts.</param>
    /// <param name="random">Gives a new key.</param>
    public static UploadJournal Open(FileStream file, ContentSource source, long now, long deadline, LocalSeal seal, IRandomSource random)
    {
        var journal = new UploadJournal(file, seal);
        try
        {
            journal._source = DigestOf(source);
            if (!journal.TryResume(now))
                journal.Begin(deadline, random);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Until when what a file holds can be committed, by <see cref="VaultDevice.StoreNow"/>; null when it holds no upload.</summary>
    public static long? DeadlineOf(FileStream file, LocalSeal seal)
    {
        var start = Read(file, 0, StartSize, seal);
        return start is null ? null : BinaryPrimitives.ReadInt64BigEndian(start.AsSpan(sizeof(ulong) + Digest.Size));
    }

    /// <summary>Whether this is what is uploaded, unchanged as far as can be seen.</summary>
    public bool IsOf(ContentSource? source) => source is not null && DigestOf(source) == _source;

    /// <summary>The piece, if its upload has begun.</summary>
    public UploadedPiece? Find(int index)
    {
        lock (_lock)
            return _pieces.TryGetValue(index, out var piece) ? piece : null;
    }

    /// <summary>Notes that the put of a piece begins. It is durable when this returns.</summary>
    /// <exception cref="IOException">It could not be made so.</exception>
    public void Add(UploadedPiece piece)
    {
        Span<byte> bytes = stackalloc byte[UploadedPiece.Size];
        piece.Write(bytes);
        lock (_lock)
        {
            Append(bytes);
            _pieces.Add(piece.Index, piece);
        }
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    /// <summary>Removes the file, and lets it go: the upload is done, or cannot be gone on with.</summary>
    public void Delete()
    {
        if (_isClosed)
            return;
        // Held until it is gone, where the system lets an open file be removed.
        if (OperatingSystem.IsWindows())
            Dispose();
        try
        {
            File.Delete(_file.Name);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // What it was for is done; it is swept when its time is over.
        }
        Dispose();
    }

    private static Digest DigestOf(ContentSource source) => new LengthPrefixed("coffer/upload-source/v1").Add(source.Name).Add(source.Facts).Hash();

    private bool TryResume(long now)
    {
        if (Read(_file, 0, StartSize, _seal) is not { } start)
            return false;
        try
        {
            var bytes = start.AsSpan();
            var deadline = BinaryPrimitives.ReadInt64BigEndian(bytes[(sizeof(ulong) + Digest.Size)..]);
            if (new Digest(bytes.Slice(sizeof(ulong), Digest.Size)) != _source || deadline <= now)
                return false;
            bytes[^BodyDescriptor.KeySize..].CopyTo(_key);
            Deadline = deadline;
            IsResumed = true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(start);
        }
        _end = SealedSize(StartSize);
        while (Read(_file, _end, UploadedPiece.Size, _seal) is { } part)
        {
            var piece = UploadedPiece.Parse(part);
            _pieces[piece.Index] = piece;
            _end += SealedSize(UploadedPiece.Size);
        }
        return true;
    }

    private void Begin(long deadline, IRandomSource random)
    {
        random.Fill(_key);
        Deadline = deadline;
        Span<byte> start = stackalloc byte[StartSize];
        BinaryPrimitives.WriteUInt64BigEndian(start, Magic);
        _source.CopyTo(start[sizeof(ulong)..]);
        BinaryPrimitives.WriteInt64BigEndian(start[(sizeof(ulong) + Digest.Size)..], deadline);
        _key.CopyTo(start[^BodyDescriptor.KeySize..]);
        RandomAccess.SetLength(_file.SafeFileHandle, 0);
        Append(start);
        CryptographicOperations.ZeroMemory(start);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        var bytes = _seal.Seal(part);
        RandomAccess.Write(_file.SafeFileHandle, bytes, _end);
        _end += bytes.Length;
    }

    /// <summary>A part of the file; null when it is not there, is cut off, or does not open.</summary>
    private static byte[]? Read(FileStream file, long offset, int size, LocalSeal seal)
    {
        var bytes = new byte[SealedSize(size)];
        if (RandomAccess.Read(file.SafeFileHandle, bytes, offset) < bytes.Length)
            return null;
        try
        {
            var part = seal.Open(bytes);
            return offset > 0 || BinaryPrimitives.ReadUInt64BigEndian(part) == Magic ? part : null;
        }
        catch (VaultException)
        {
            return null;
        }
    }

    private static int SealedSize(int size) => size + LocalSeal.Overhead;

    public void Dispose()
    {
        _isClosed = true;
        CryptographicOperations.ZeroMemory(_key);
        _file.Dispose();
    }
}
