namespace Coffer.Bench.Stores;

/// <summary>
/// Who puts a large file on a server and gets it back. A provider's peer is what somebody would use who has no Coffer, at its best: the SDK of the service, tuned,
/// or the service's own program. Each call begins with no connection and ends when the server, or the file, has all of it.
/// </summary>
internal interface IStorePeer
{
    /// <summary>What it is, as the table names it.</summary>
    string Name { get; }

    /// <summary>Puts a file under a name below the URL that the peer was made for, replacing what is there.</summary>
    Task PutAsync(string file, string name);

    /// <summary>Gets it into a file that does not exist yet.</summary>
    Task GetAsync(string name, string file);
}
