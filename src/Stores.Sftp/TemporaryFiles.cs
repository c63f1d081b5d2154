using System.Collections.Concurrent;

namespace Coffer.Stores.Sftp;

/// <summary>The hidden folder inside the root, which holds what is being written.</summary>
internal sealed class TemporaryFiles(Tree tree)
{
    private const string Prefix = "put-";
    private const int MaxAttempts = 5;

    /// <summary>How old a temporary file is when nobody can still be writing it.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(1);

    /// <summary>Files of puts whose connection was lost before they could be removed.</summary>
    private readonly ConcurrentQueue<string> _left = new();
    private int _isSwept;
    private Task _sweeping = Task.CompletedTask;
    private volatile bool _foldsCase;

    /// <summary>Whether the server's file system takes names that differ only in case for one. Known once the folder exists.</summary>
    public bool FoldsCase => _foldsCase;

    /// <summary>Begins to make a temporary file on a connection.</summary>
    public TemporaryFile Begin(SftpConnection connection)
    {
        var path = tree.Paths.Hidden + "/" + Prefix + Guid.NewGuid().ToString("N");
        return new TemporaryFile(connection, path, OpenAsync(connection, path), this);
    }

    private async Task<byte[]> OpenAsync(SftpConnection connection, string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await connection.OpenAsync(path, OpenFlags.Write | OpenFlags.Create | OpenFlags.Exclusive);
            }
            catch (SftpStatusException exception) when (exception.Status.IsNotFound && attempt < MaxAttempts)
            {
                if (await Tree.MakeOneAsync(connection, tree.Paths.Hidden))
                    tree.Traces.Push(tree.Paths.Hidden);
                await LearnFoldingAsync(connection);
            }
        }
    }

    /// <summary>Asks for the hidden folder in upper case: a file system that finds it would confuse keys.</summary>
    public async Task LearnFoldingAsync(SftpConnection connection)
    {
        if (await connection.LookAsync(tree.Paths.Of(KeyRules.HiddenFolder.ToUpperInvariant())) is { IsFolder: true })
            _foldsCase = true;
    }

    /// <summary>Remembers a file that could not be removed.</summary>
    public void Leave(string path) => _left.Enqueue(path);

    /// <summary>Removes what was left behind, on a connection that works.</summary>
    public async Task RemoveLeftAsync(SftpConnection connection)
    {
        while (_left.TryDequeue(out var path))
        {
            try
            {
                await connection.RemoveAsync(path);
            }
            catch (SftpConnectionException)
            {
                _left.Enqueue(path);
                return;
            }
        }
    }

    /// <summary>Whether something was left behind.</summary>
    public bool HasLeft => !_left.IsEmpty;

    /// <summary>
    /// Removes the files of others that nobody can still be writing, once, beside the work. The server's clock stamped them, so it is also the one to compare with:
    /// that of a file which was just written.
    /// </summary>
    public void SweepOnce(SftpConnection connection, DateTimeOffset now)
    {
        if (Interlocked.Exchange(ref _isSwept, 1) == 0)
            _sweeping = SweepAsync(connection, now);
    }

    private async Task SweepAsync(SftpConnection connection, DateTimeOffset now)
    {
        try
        {
            var names = await FolderReader.ReadAsync(connection, tree.Paths.Hidden) ?? [];
            foreach (var (name, attributes) in names)
            {
                if (name?.StartsWith(Prefix, StringComparison.Ordinal) == true && attributes.IsFile && now - attributes.Time > StaleAfter)
                    await connection.RemoveAsync(tree.Paths.Hidden + "/" + name);
            }
        }
        catch (Exception exception) when (exception is SftpConnectionException or SftpStatusException)
        {
            // It is done again when the store is opened the next time.
        }
    }

    /// <summary>Waits until nothing is done beside the work any more.</summary>
    public Task EndAsync() => _sweeping;
}
