using System.Buffers.Binary;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>Whatever a server sends is read, or refused in plain words; nothing is read beyond its end, and nothing hangs.</summary>
public sealed class ProtocolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private delegate void Decoder(ReadOnlySpan<byte> bytes);

    private static readonly Decoder[] Decoders =
    [
        static bytes => SftpStatus.Read(bytes),
        static bytes => SftpName.ReadAll(bytes),
        static bytes => ServerFeatures.ReadVersion(bytes),
        static bytes => new ServerFeatures(new HashSet<string>(StringComparer.Ordinal), 1, 1).WithLimits(bytes),
        static bytes => FileSystemStatus.Read(bytes),
        static bytes =>
        {
            var reader = new PacketReader(bytes);
            SftpAttributes.Read(ref reader);
        },
    ];

    [Fact]
    public void Decoders_take_any_bytes_or_refuse_them()
    {
        var random = new Random(1);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            // Small numbers make lengths and counts that nearly fit.
            for (var i = 0; i + 3 < bytes.Length; i += 4)
            {
                if (random.Next(3) > 0)
                    BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i), random.Next(12));
            }
            foreach (var decoder in Decoders)
            {
                try
                {
                    decoder(bytes);
                }
                catch (MalformedPacketException exception)
                {
                    Assert.NotEmpty(exception.Message);
                }
            }
        }
    }

    [Fact]
    public void A_name_with_attributes_is_read_as_it_was_written()
    {
        var bytes = new PacketWriter(PacketType.Name, 7).UInt32(2).Text("é").Text("-rw").UInt32(0x0D).UInt64(5_000_000_000).UInt32(0x81A4).UInt32(1).UInt32(2_000_000_000)
            .Bytes([0xFF, 0xFE]).Text("").UInt32(0x80000002).UInt32(1).UInt32(2).UInt32(1).Text("x").Text("y").Finish()[9..];

        var names = SftpName.ReadAll(bytes.Span);

        Assert.Equal(new SftpName("é", new SftpAttributes(5_000_000_000, 0x81A4, 2_000_000_000)), names[0]);
        Assert.True(names[0].Attributes is { IsFile: true, IsFolder: false, IsComplete: true });
        Assert.Equal(new SftpName(null, default), names[1]);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_server_that_sends_anything_ends_in_a_StoreException(bool afterGreeting)
    {
        var random = new Random(2);
        for (var round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            if (random.Next(2) == 0 && bytes.Length > 8)
                BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
            byte[] greeting = afterGreeting ? [0, 0, 0, 5, (byte)PacketType.Version, 0, 0, 0, 3] : [];
            await using var store = new SftpStore(new SftpStoreOptions { Host = "test", Root = "/x", RequestTimeout = TimeSpan.FromSeconds(5) }, TimeProvider.System,
                _ => new Recording([.. greeting, .. bytes]));

            await Assert.ThrowsAsync<StoreException>(async () => await store.StatAsync(StoreKey.Parse("a"), Token));
        }
    }

    [Theory]
    [InlineData(1000UL, 261_120), InlineData(0UL, 32768), InlineData(ulong.MaxValue, 261_120)]
    public void Limits_are_kept_to_what_is_sensible(ulong factor, int read)
    {
        var limit = factor is 0 or ulong.MaxValue ? factor : factor * 1000;
        var reply = new PacketWriter(PacketType.ExtendedReply, 1).UInt64(limit).UInt64(limit).UInt64(50_000).UInt64(0).Finish()[9..];

        var features = new ServerFeatures(new HashSet<string>(StringComparer.Ordinal), 1, 1).WithLimits(reply.Span);

        Assert.Equal((read, 50_000), (features.ReadBytes, features.WriteBytes));
    }

    /// <summary>A server that sends what it sends, whatever it is asked.</summary>
    private sealed class Recording(byte[] bytes) : IByteTransport
    {
        public Stream Input { get; } = new MemoryStream(bytes);

        public Stream Output { get; } = Stream.Null;

        public string Target => "a recording";

        public ValueTask<SftpConnectionException> ExplainAsync() => ValueTask.FromResult(new SftpConnectionException(StoreErrorKind.Unavailable, "The recording ended."));

        public void Established()
        {
        }

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
