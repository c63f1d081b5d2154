using Coffer;
using Coffer.Stores.S3;

// Where a host's program looks for it without another using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the provider of this assembly.</summary>
public static class S3Registration
{
    /// <summary>Adds stores in buckets of Amazon S3 and of servers that speak its protocol: <c>s3://bucket/prefix</c>.</summary>
    public static T AddS3<T>(this T providers)
        where T : IStoreProviderCollection
    {
        ArgumentNullException.ThrowIfNull(providers);
        providers.Add(new S3StoreProvider());
        return providers;
    }
}
