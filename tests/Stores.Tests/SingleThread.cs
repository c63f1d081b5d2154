namespace Coffer.Stores.Tests;

/// <summary>Runs asynchronous code on one thread, one step after the other in the order in which they became ready, as a simulation does.</summary>
internal sealed class SingleThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Step, object? State)> _ready = new();

    public override void Post(SendOrPostCallback d, object? state) => _ready.Enqueue((d, state));

    public static void Run(Func<Task> code)
    {
        var before = Current;
        var context = new SingleThread();
        SetSynchronizationContext(context);
        try
        {
            var task = code();
            while (context._ready.TryDequeue(out var next))
                next.Step(next.State);
            if (!task.IsCompleted)
                throw new InvalidOperationException("The code waits for something that nobody in this thread does.");
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
