namespace Coffer.Stores.Sftp;

/// <summary>Reads the names of a folder, with several requests under way: a server gives a hundred names or so with each.</summary>
internal static class FolderReader
{
    private const int MostRequests = 64;

    /// <summary>Everything in the folder but itself and its parent, in no order; null when there is no such folder.</summary>
    public static async Task<List<SftpName>?> ReadAsync(SftpConnection connection, string path)
    {
        byte[] handle;
        try
        {
            handle = await connection.OpenFolderAsync(path);
        }
        catch (SftpStatusException exception) when (exception.Status.IsNotFound)
        {
            return null;
        }
        var names = new List<SftpName>();
        var requests = new Queue<Task<List<SftpName>?>>();
        try
        {
            // Most folders are small, so the number grows only while they turn out not to be.
            for (var window = 2; ; window = Math.Min(window * 2, MostRequests))
            {
                while (requests.Count < window)
                    requests.Enqueue(connection.ReadFolderAsync(handle, path));
                if (await requests.Dequeue() is not { } some)
                    break;
                names.AddRange(some.Where(static name => name.Name is not ("." or "..")));
            }
            foreach (var rest in requests)
            {
                if (await rest is { } some)
                    names.AddRange(some.Where(static name => name.Name is not ("." or "..")));
            }
        }
        finally
        {
            await connection.CloseAsync(handle);
        }
        return await CompleteAsync(connection, path, names);
    }

    /// <summary>Asks for what the server left out.</summary>
    private static async Task<List<SftpName>> CompleteAsync(SftpConnection connection, string path, List<SftpName> names)
    {
        for (var start = 0; start < names.Count; start += MostRequests)
        {
            var part = Enumerable.Range(start, Math.Min(MostRequests, names.Count - start)).Where(i => names[i] is { Name: not null, Attributes.IsComplete: false }).ToArray();
            var looks = await Task.WhenAll(part.Select(i => connection.LookAsync(path + "/" + names[i].Name)));
            for (var i = 0; i < part.Length; i++)
                names[part[i]] = names[part[i]] with { Attributes = looks[i] ?? default };
        }
        return names;
    }
}
