namespace Coffer.Vaults;

/// <summary>A file being read. Every byte that <see cref="Content"/> gives was verified before. Dispose it.</summary>
public sealed class FileReader : IAsyncDisposable
{
    internal FileReader(FileVersion version, Stream content)
    {
        Version = version;
        Content = content;
    }

    /// <summary>The version that is read.</summary>
    public FileVersion Version { get; }

    /// <summary>Its content, forward only.</summary>
    public Stream Content { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
