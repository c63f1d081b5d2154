using System.Runtime.CompilerServices;

namespace Coffer.Vaults;

/// <summary>
/// Awaited once at each public entry: a caller's UI context is left there, so that nothing inside needs <c>ConfigureAwait(false)</c>. Where there is none, and so in a simulation that schedules by
/// <see cref="TaskScheduler"/>, it does nothing.
/// </summary>
internal readonly struct CallerContext : ICriticalNotifyCompletion
{
    public static CallerContext Leave() => default;

    public CallerContext GetAwaiter() => this;

    public bool IsCompleted => SynchronizationContext.Current is null;

    public void GetResult()
    {
    }

#pragma warning disable RS0030 // The one place where a caller's context is left.
    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static action => action(), continuation, preferLocal: false);

    public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
#pragma warning restore RS0030
}
