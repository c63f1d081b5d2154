using Microsoft.Extensions.Hosting;

namespace Coffer.Hosting.Tests;

/// <summary>A host is disposed asynchronously, as stores and vaults are.</summary>
internal sealed class DisposableHost(IHost inner) : IAsyncDisposable
{
    public IHost Inner => inner;

    public ValueTask DisposeAsync() => ((IAsyncDisposable)inner).DisposeAsync();
}
