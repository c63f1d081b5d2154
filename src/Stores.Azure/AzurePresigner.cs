using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace Coffer.Stores.Azure;

/// <summary>Signs URLs: a shared access signature for one blob, by the account's key, or by a key that the service lends to whoever has a token.</summary>
internal sealed class AzurePresigner(AzureConnection connection, AzureErrors errors, TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromDays(7);

    public async ValueTask<Uri> PresignAsync(StoreKey key, string name, PresignedAccess access, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, Longest);
        cancellationToken.ThrowIfCancellationRequested();
        var blob = connection.Blob(name);
        // A SAS has whole seconds, and none should end before its time.
        var now = time.GetUtcNow();
        var end = now + lifetime + TimeSpan.FromMilliseconds(999);
        if (end > now + Longest)
            end = now + Longest;
        var sas = new BlobSasBuilder(access == PresignedAccess.Read ? BlobSasPermissions.Read : BlobSasPermissions.Create | BlobSasPermissions.Write, end)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        switch (connection.Kind)
        {
            case CredentialKind.AccountKey:
                return blob.GenerateSasUri(sas);
            case CredentialKind.Token:
                try
                {
                    var lent = await connection.Service.GetUserDelegationKeyAsync(null, end, cancellationToken);
                    return new BlobUriBuilder(blob.Uri) { Sas = sas.ToSasQueryParameters(lent.Value, blob.AccountName) }.ToUri();
                }
                catch (Exception e)
                {
                    throw errors.From(e, StoreOperation.Open, key, cancellationToken);
                }
            default:
                throw errors.PlaceOf(StoreOperation.Open, key).Error(StoreErrorKind.Unsupported,
                    $"No URL for '{key}' can be signed: the store has a SAS, which is signed itself and cannot sign. Give it the account's key, or use the default credential chain.");
        }
    }
}
