using System.Security.Cryptography;

namespace Coffer.Cli.Copying;

/// <summary>The content of an object on its way to another store, and its hash. A store that tries again reads it anew; what it read last counts.</summary>
internal sealed class HashedSource(IStore from, ObjectInfo entry, IProgress<long> progress)
{
    /// <summary>The content as a put takes it.</summary>
    public ObjectBody Body => ObjectBody.FromSource(OpenAsync, entry.Size, canReopen: true);

    /// <summary>SHA-256 of what was read, once it was read to its end; else null.</summary>
    public byte[]? Hash { get; private set; }

    private async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Hash = null;
        var reader = await from.OpenReadAsync(entry.Key, cancellationToken: cancellationToken);
        if (reader.Length == entry.Size)
            return new HashingStream(reader, progress, hash => Hash = hash);
        await reader.DisposeAsync();
        throw new StoreException(StoreErrorKind.Unexpected, $"'{entry.Key}' changed while it was copied. Copy again.") { Operation = StoreOperation.Read, Key = entry.Key.Value, StoreName = from.Name };
    }

    /// <summary>Passes on what it reads, and tells the hash when it has read all of it.</summary>
    private sealed class HashingStream(ObjectReader reader, IProgress<long> progress, Action<byte[]> done) : ReadOnlyStream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _read;

        public override long Length => reader.Length;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await reader.Content.ReadAsync(buffer, cancellationToken);
            Take(buffer.Span[..count]);
            return count;
        }

        public override int Read(Span<byte> buffer)
        {
            var count = reader.Content.Read(buffer);
            Take(buffer[..count]);
            return count;
        }

        private void Take(ReadOnlySpan<byte> bytes)
        {
            _hash.AppendData(bytes);
            _read += bytes.Length;
            if (_read == reader.Length)
                done(_hash.GetCurrentHash());
            progress.Report(_read);
        }

        public override async ValueTask DisposeAsync()
        {
            await reader.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
