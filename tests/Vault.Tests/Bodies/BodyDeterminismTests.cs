using System.Security.Cryptography;
using Coffer.Vaults.Bodies;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

/// <summary>With work in place and one thread for all that continues, a run is a function of its seed.</summary>
public class BodyDeterminismTests
{
    private const int Length = 9 * PieceLayout.PieceSize + 17;

    [Fact]
    public void A_run_with_one_seed_is_the_same_each_time_and_leaves_its_thread_never()
    {
        var first = Run(seed: 1);
        Assert.Equal(first, Run(seed: 1));
        Assert.NotEqual(first, Run(seed: 2));
    }

    /// <summary>Writes and reads a body on a store whose answers take a random number of turns.</summary>
    private static List<string> Run(int seed)
    {
        var history = new List<string>();
        var random = new Random(seed);
        var thread = Environment.CurrentManagedThreadId;
        async ValueTask NoteAsync(string what)
        {
            for (var turns = random.Next(20); turns > 0; turns--)
                await Task.Yield();
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            history.Add(what);
        }

        OneThread.Run(async () =>
        {
            var pieces = new MemoryPieces { BeforePut = (index, bytes, _) => NoteAsync($"put {index} {Convert.ToHexString(SHA256.HashData(bytes.Span))}") };
            var body = await new BodyWriter(new SeededRandom(seed), new InPlaceWorkers(), new PiecePool(3)).WriteAsync(new GeneratedStream(Length), Length, pieces);
            pieces.BeforeOpen = (index, _) => NoteAsync($"open {index}");
            var sink = new MemorySink(Length) { BeforeWrite = _ => NoteAsync("write") };
            await new BodyReader(body, pieces, new InPlaceWorkers(), new PiecePool(3)).CopyToAsync(sink);
            await NoteAsync("done");
        });
        Assert.Equal("done", history[^1]);
        return history;
    }

    /// <summary>Runs everything that continues on the thread that began it, first come, first served.</summary>
    private sealed class OneThread : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Call, object? State)> _calls = new();

        public override void Post(SendOrPostCallback d, object? state) => _calls.Enqueue((d, state));

        public static void Run(Func<Task> start)
        {
            var before = Current;
            var context = new OneThread();
            SetSynchronizationContext(context);
            try
            {
                var task = start();
                while (context._calls.TryDequeue(out var next))
                    next.Call(next.State);
                Assert.True(task.IsCompleted, "Something waits for another thread.");
                task.GetAwaiter().GetResult();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
