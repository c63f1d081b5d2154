namespace Coffer.Bench.Stores;

/// <summary>Many small objects of one place, with connections that stay open between them.</summary>
internal interface ISmallObjects : IAsyncDisposable
{
    /// <summary>Puts a file under a name below the place.</summary>
    Task PutAsync(string name, string file, CancellationToken cancellationToken);

    /// <summary>The names below the place.</summary>
    IAsyncEnumerable<string> ListAsync();

    /// <summary>The content of one object.</summary>
    Task<byte[]> GetAsync(string name, CancellationToken cancellationToken);
}
