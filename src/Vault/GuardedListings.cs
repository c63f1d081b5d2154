using System.Runtime.CompilerServices;
using Coffer.Vaults.Naming;

namespace Coffer.Vaults;

/// <summary>The store of a vault, with listings that end and ascend: nobody signs them, so a store could go on for ever, or say a name twice.</summary>
internal sealed class GuardedListings(IStore inner, VaultNames names, StoreBounds bounds) : DelegatingStore(inner)
{
    /// <inheritdoc/>
    /// <exception cref="StoreException">The listing brings more names than any vault has, or not in order.</exception>
    public override async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var left = prefix == names.Data ? bounds.Bodies : bounds.Names;
        string? last = null;
        await foreach (var entry in Inner.ListAsync(prefix, options, cancellationToken))
        {
            if (left-- == 0)
                throw Fault(prefix, $"lists more than {(prefix == names.Data ? bounds.Bodies : bounds.Names):N0} names, which no vault has");
            var order = last is null ? 1 : Utf8Order.Compare(entry.Name, last);
            if (order < 0)
                throw Fault(prefix, "does not list its names in order");
            // A server that changes between two pages may well say one twice.
            if (order == 0)
                continue;
            last = entry.Name;
            yield return entry;
        }
    }

    private StoreException Fault(string prefix, string what) => new(
        StoreErrorKind.Unexpected, $"The store '{Name}' {what}, below '{prefix}'. Nothing of that listing was used. Who runs the store, or somebody who can write to it, is behind it, or it is not made as it should be.")
    {
        Operation = StoreOperation.List,
        Key = prefix,
        StoreName = Name,
    };
}
