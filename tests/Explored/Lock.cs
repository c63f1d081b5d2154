namespace System.Threading;

/// <summary>The framework's lock, made of a monitor, which the explorer controls: it knows nothing of the framework's own.</summary>
internal sealed class Lock
{
    private readonly object _monitor = new();

    public Scope EnterScope()
    {
        var taken = false;
        Monitor.Enter(_monitor, ref taken);
        return new Scope(_monitor);
    }

    public readonly ref struct Scope(object monitor)
    {
        private readonly object _monitor = monitor;

        public void Dispose() => Monitor.Exit(_monitor);
    }
}
