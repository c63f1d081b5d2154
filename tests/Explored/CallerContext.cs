using System.Runtime.CompilerServices;

namespace Coffer.Vaults;

/// <summary>Stays where it is: the explorer has a context of its own, out of which nothing may run.</summary>
internal readonly struct CallerContext : INotifyCompletion
{
    public static CallerContext Leave() => default;

    public CallerContext GetAwaiter() => this;

    public bool IsCompleted => true;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => continuation();
}
