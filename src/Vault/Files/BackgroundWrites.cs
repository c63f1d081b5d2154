namespace Coffer.Vaults.Files;

/// <summary>Asynchronous writes that were accepted, and the errors of those that failed, kept until somebody waits for them.</summary>
internal sealed class BackgroundWrites
{
    private readonly Lock _lock = new();
    private readonly List<Exception> _errors = [];
    private readonly LinkedList<Task> _running = new();

    public void Add(string path, Task write)
    {
        lock (_lock)
        {
            var node = _running.AddLast(Task.CompletedTask);
            node.Value = KeepAsync(path, write, node);
        }
    }

    private async Task KeepAsync(string path, Task write, LinkedListNode<Task> node)
    {
        try
        {
            await write;
        }
        catch (Exception fault)
        {
            lock (_lock)
                _errors.Add(new VaultException($"'{path}' was not written: {fault.Message}", fault));
        }
        lock (_lock)
            _running.Remove(node);
    }

    /// <summary>Waits for all that were added so far.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await DrainAsync().WaitAsync(cancellationToken);
        Exception[] errors;
        lock (_lock)
        {
            errors = [.. _errors];
            _errors.Clear();
        }
        if (errors.Length > 0)
            throw new AggregateException("Some files were not written.", errors);
    }

    /// <summary>Waits, and keeps the errors.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
            return Task.WhenAll(_running);
    }
}
