using Coffer.Testing;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>A connection that ends at any request of a put, before or after the server did it: the error is honest, and nothing is left behind.</summary>
public sealed class LostAnswerTests : IDisposable
{
    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private readonly LocalFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Does something to the first request for which <paramref name="isIt"/> holds, over all connections, and nothing to the others.</summary>
    private SftpStore OpenWith(Fate fate, Func<PacketType, byte[], bool> isIt)
    {
        var happened = false;
        return _folder.Open((type, body) => !happened && isIt(type, body) && (happened = true) ? fate : Fate.Done);
    }

    [Theory]
    [InlineData(Fate.Lost), InlineData(Fate.AnswerLost)]
    public async Task A_create_only_put_that_loses_its_link_request_or_its_answer_is_OutcomeUnknown_and_reading_tells(Fate fate)
    {
        await using var store = OpenWith(fate, static (type, body) => LocalServer.ExtensionOf(type, body) == Extension.HardLink);
        store.Trust("links");
        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token));

        Assert.Equal((StoreErrorKind.OutcomeUnknown, false, false, StoreOperation.Put, Key.Value, store.Name),
            (error.Kind, error.IsTransient, error.HadNoEffect, error.Operation, error.Key, error.StoreName));
        Assert.Equal(fate == Fate.AnswerLost, await store.StatAsync(Key, Token) is not null);
        Assert.Empty(_folder.TemporaryFiles);
    }

    [Theory]
    [InlineData("OPEN"), InlineData("WRITE"), InlineData("FSTAT"), InlineData("CLOSE"), InlineData("LSTAT")]
    public async Task A_create_only_put_that_loses_its_connection_before_its_link_was_sent_is_Unavailable_and_may_be_retried(string request)
    {
        await using var store = OpenWith(Fate.AnswerLost, (type, body) => type.ToString().Equals(request, StringComparison.OrdinalIgnoreCase) && (type != PacketType.LStat || IsOn(body, Key)));
        store.Trust("links");
        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token));

        Assert.Equal((StoreErrorKind.Unavailable, true, true), (error.Kind, error.IsTransient, error.HadNoEffect));
        Assert.False(File.Exists(_folder.PathOf(Key.Value)));
        await store.PutTextAsync(Key, "y", PutOptions.CreateOnly, Token);
        Assert.Equal("y", await store.ReadTextAsync(Key, Token));
        Assert.Empty(_folder.TemporaryFiles);
    }

    [Theory]
    [InlineData(Fate.Lost), InlineData(Fate.AnswerLost)]
    public async Task A_replacing_put_that_loses_its_rename_or_its_answer_is_Unavailable_and_a_retry_has_the_same_effect(Fate fate)
    {
        await using var store = OpenWith(fate, static (type, body) => LocalServer.ExtensionOf(type, body) == Extension.PosixRename);
        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", cancellationToken: Token));

        Assert.Equal((StoreErrorKind.Unavailable, true, false), (error.Kind, error.IsTransient, error.HadNoEffect));
        await store.PutTextAsync(Key, "x", cancellationToken: Token);
        Assert.Equal("x", await store.ReadTextAsync(Key, Token));
        Assert.Empty(_folder.TemporaryFiles);
    }

    [Fact]
    public async Task A_create_only_put_whose_folder_was_not_synced_when_the_connection_ended_is_OutcomeUnknown()
    {
        await using var store = OpenWith(Fate.Lost, static (type, body) => type == PacketType.Remove);
        store.Trust("links");
        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token));

        Assert.Equal(StoreErrorKind.OutcomeUnknown, error.Kind);
        Assert.Equal("x", await store.ReadTextAsync(Key, Token));
        Assert.Empty(_folder.TemporaryFiles);
    }

    [Fact]
    public async Task A_content_whose_connection_ends_fails_and_the_next_read_has_a_new_connection()
    {
        const int Size = 20 << 20;
        await File.WriteAllBytesAsync(_folder.PathOf("large"), Pattern.Bytes(1, Size), Token);
        var reads = 0;
        await using var store = OpenWith(Fate.Lost, (type, _) => type == PacketType.Read && ++reads == 30);
        await using (var reader = await store.OpenReadAsync(StoreKey.Parse("large"), cancellationToken: Token))
        {
            var error = await Assert.ThrowsAsync<StoreException>(async () => await reader.Content.ReadExactlyAsync(new byte[Size], Token));
            Assert.Equal((StoreErrorKind.Unavailable, true, StoreOperation.Read, "large"), (error.Kind, error.IsTransient, error.Operation, error.Key));
        }
        Assert.Equal(Pattern.Bytes(1, Size), await store.ReadBytesAsync(StoreKey.Parse("large"), cancellationToken: Token));
    }

    private static bool IsOn(byte[] body, StoreKey key) => new PacketReader(body).Text().EndsWith("/" + key.Value, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
