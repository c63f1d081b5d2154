using Coffer.Testing;

namespace Coffer.Stores.Tests;

internal static class StoreTestExtensions
{
    public static async Task<List<string>> NamesAsync(this IStore store, string prefix = "", ListOptions? options = null) =>
        [.. (await store.ListAsync(prefix, options).ToListAsync()).Select(e => e.Name)];

    /// <summary>Goes from timer to timer until the task is done, and gives the waits in between.</summary>
    public static async Task<List<TimeSpan>> DriveAsync(this ManualTime time, Task task)
    {
        var waits = new List<TimeSpan>();
        while (!task.IsCompleted)
        {
            if (time.UntilNextTimer is { } wait)
            {
                waits.Add(wait);
                time.AdvanceToNextTimer();
            }
            else
            {
                await Task.Yield();
            }
        }
        return waits;
    }
}
