using System.Buffers;
using System.Security.Cryptography;
using Coffer.Vaults.Bodies;

namespace Coffer.Vaults.Files;

/// <summary>
/// Reads bodies that lie together with one request, in blocks, and hands each to whoever wants it. What does not come as it should is read again by itself, where its error is told, or the body is found elsewhere.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="library">Opens a file by itself.</param>
/// <param name="take">Takes one file.</param>
internal sealed class TogetherReader(VaultDevice device, FileLibrary library, Func<FileReader, CancellationToken, ValueTask> take)
{
    /// <summary>How many requests are open at a time.</summary>
    private const int Requests = 16;

    /// <summary>How many blocks are read, opened or taken at a time.</summary>
    private const int Blocks = 16;

    /// <summary>A block has one body or more, up to this length.</summary>
    private const int BlockLength = 512 << 10;

    private readonly AsyncGate _blocks = new(Blocks);

    /// <summary>Reads all of these. The first error of the store or of who takes them ends it.</summary>
    public async Task RunAsync(IReadOnlyList<ReadRun> runs, CancellationToken cancellationToken)
    {
        using var flow = new PieceFlow(cancellationToken);
        var next = -1;
        for (var i = 0; i < Math.Min(Requests, runs.Count); i++)
            flow.Start(RunSomeAsync);
        await flow.FinishAsync();

        async ValueTask RunSomeAsync(CancellationToken token)
        {
            while (Interlocked.Increment(ref next) is var index && index < runs.Count)
                await RunAsync(runs[index], token);
        }
    }

    private async Task RunAsync(ReadRun run, CancellationToken cancellationToken)
    {
        using var flow = new PieceFlow(cancellationToken);
        try
        {
            if (run.Key is { } key)
                await ReadAsync(key, run, flow);
            else
                await StartAsync(run.Bodies, flow);
        }
        catch (Exception e)
        {
            flow.Fail(e);
        }
        await flow.FinishAsync();
    }

    private async Task ReadAsync(StoreKey key, ReadRun run, PieceFlow flow)
    {
        await using var reader = await TryOpenAsync(key, run, flow.Token);
        if (reader is null)
        {
            await StartAsync(run.Bodies, flow);
            return;
        }
        var position = run.Start;
        for (var first = 0; first < run.Bodies.Count;)
        {
            var end = first + 1;
            while (end < run.Bodies.Count && run.Bodies[end].End - run.Bodies[first].Offset <= BlockLength)
                end++;
            var bodies = run.Bodies.Skip(first).Take(end - first).ToArray();
            await _blocks.EnterAsync(cancellationToken: flow.Token);
            byte[]? bytes = null;
            try
            {
                await SkipAsync(reader.Content, bodies[0].Offset - position, flow.Token);
                var length = (int)(bodies[^1].End - bodies[0].Offset);
                bytes = ArrayPool<byte>.Shared.Rent(length);
                await reader.Content.ReadFullyAsync(bytes.AsMemory(0, length), flow.Token);
            }
            catch
            {
                Leave(bytes);
                throw;
            }
            position = bodies[^1].End;
            first = end;
            var block = bytes;
            flow.Start(token => TakeBlockAsync(bodies, block, token));
        }
    }

    /// <summary>Null when the object is not there, or too short: then each body is looked for by itself.</summary>
    private async Task<ObjectReader?> TryOpenAsync(StoreKey key, ReadRun run, CancellationToken cancellationToken)
    {
        ObjectReader reader;
        try
        {
            reader = await device.Store.OpenReadAsync(key, new ReadOptions { Range = new ByteRange(run.Start, run.Length) }, cancellationToken);
        }
        catch (StoreException fault) when (fault.Kind is StoreErrorKind.NotFound or StoreErrorKind.RangeNotSatisfiable)
        {
            return null;
        }
        if (reader.Length == run.Length)
            return reader;
        await reader.DisposeAsync();
        return null;
    }

    private static async Task SkipAsync(Stream content, long length, CancellationToken cancellationToken)
    {
        if (length == 0)
            return;
        var nothing = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            await content.ReadFullyAsync(nothing.AsMemory(0, (int)length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(nothing);
        }
    }

    /// <summary>Has bodies taken that are read each by itself, or are empty.</summary>
    private async Task StartAsync(IReadOnlyList<PlannedBody> bodies, PieceFlow flow)
    {
        await _blocks.EnterAsync(cancellationToken: flow.Token);
        flow.Start(async token =>
        {
            try
            {
                foreach (var body in bodies)
                    await TakeAsync(body, null, token);
            }
            finally
            {
                _blocks.Leave();
            }
        });
    }

    private async ValueTask TakeBlockAsync(PlannedBody[] bodies, byte[] block, CancellationToken cancellationToken)
    {
        try
        {
            var isOpen = new bool[bodies.Length];
            await device.Environment.Workers.RunAsync(
                () =>
                {
                    for (var i = 0; i < bodies.Length; i++)
                        isOpen[i] = TryOpen(bodies[i], SealedOf(bodies, i, block).Span);
                },
                cancellationToken);
            for (var i = 0; i < bodies.Length; i++)
                await TakeAsync(bodies[i], isOpen[i] ? PlaintextOf(bodies[i], SealedOf(bodies, i, block)) : (ReadOnlyMemory<byte>?)null, cancellationToken);
        }
        finally
        {
            Leave(block);
        }
    }

    private static Memory<byte> SealedOf(PlannedBody[] bodies, int index, byte[] block) => block.AsMemory((int)(bodies[index].Offset - bodies[0].Offset), bodies[index].Length);

    /// <summary>Verifies and opens a body where it stands.</summary>
    private static bool TryOpen(PlannedBody planned, Span<byte> bytes)
    {
        var body = planned.Body.Body;
        try
        {
            using var opener = new PieceOpener(body.Key);
            opener.OpenInPlace(body.Layout.Piece(0), body.Pieces[0], bytes);
            return true;
        }
        catch (BodyDamagedException)
        {
            return false;
        }
    }

    /// <summary>The plaintext of an opened body, all in one: its chunks move together over leaves and tags.</summary>
    private static ReadOnlyMemory<byte> PlaintextOf(PlannedBody planned, Memory<byte> opened)
    {
        var piece = planned.Body.Body.Layout.Piece(0);
        for (var chunk = 0; chunk < piece.ChunkCount && piece.LeavesLength > 0; chunk++)
            opened.Slice(piece.ChunkOffset(chunk), piece.ChunkLength(chunk)).CopyTo(opened[(chunk << piece.ChunkLog2)..]);
        return opened[..piece.Length];
    }

    private async ValueTask TakeAsync(PlannedBody planned, ReadOnlyMemory<byte>? opened, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var reader = opened is { } content ? library.Opened(planned.Version, content) : library.Open(planned.Version, planned.Body);
        await take(reader, cancellationToken);
    }

    /// <summary>Gives a place among the blocks back, and the plaintext that was in it to nobody.</summary>
    private void Leave(byte[]? block)
    {
        if (block is not null)
        {
            CryptographicOperations.ZeroMemory(block);
            ArrayPool<byte>.Shared.Return(block);
        }
        _blocks.Leave();
    }
}
