namespace Coffer.Stores.Azure;

/// <summary>
/// Chooses the credentials: those of the settings, else the connection string of the environment, else the default chain. Two at once, and a connection string of
/// another account, are errors and no guesses.
/// </summary>
internal sealed class AzureCredentials
{
    private readonly StoreOptionReader _reader;

    /// <param name="reader">The options, of which all others have been read.</param>
    /// <param name="options">What was read of them so far.</param>
    /// <param name="connectionVariable">The connection string of the environment; null or empty when there is none.</param>
    public AzureCredentials(StoreOptionReader reader, AzureStoreOptions options, string? connectionVariable)
    {
        _reader = reader;
        var (connection, key, sas) = (reader.Secret("connectionString"), reader.Secret("accountKey"), reader.Secret("sas"));
        // These are the last of the options: one that does not exist is told before anything that the environment gets wrong.
        reader.Finish();
        if ((connection is null ? 0 : 1) + (key is null ? 0 : 1) + (sas is null ? 0 : 1) > 1)
            throw reader.Refused("An Azure store has one credential: 'connectionString', 'accountKey' or 'sas', and here there are several", connection is null ? "accountKey" : "connectionString");
        Options = (connection, key, sas) switch
        {
            ({ } text, _, _) => With(options, text, ConnectionString.Setting),
            (_, { } text, _) => options with { AccountKey = Checked(text, "accountKey") },
            (_, _, { } text) => options with { Sas = text.TrimStart('?') },
            _ when !string.IsNullOrEmpty(connectionVariable) => With(options, connectionVariable, ConnectionString.Variable),
            _ => options,
        };
    }

    /// <summary>The options with their credentials.</summary>
    public AzureStoreOptions Options { get; }

    private AzureStoreOptions With(AzureStoreOptions options, string text, string source)
    {
        ConnectionString connection;
        try
        {
            connection = ConnectionString.Parse(text);
        }
        catch (FormatException e)
        {
            throw _reader.Refused($"{Words(source)} is no connection string of Azure Storage: {e.Message}", source);
        }
        if (connection.Account is { } account && account != options.Account)
        {
            throw _reader.Refused($"{Words(source)} is for the account '{account}', and the URL names '{options.Account}'. Write azblob://{account}/{options.Container}, "
                + "or give the store credentials of its own account", source);
        }
        return options with
        {
            Endpoint = options.Endpoint ?? connection.Endpoint,
            AccountKey = connection.AccountKey is { } key ? Checked(key, source) : null,
            Sas = connection.Sas,
        };
    }

    private string Checked(string key, string source) => key.Length > 0 && Convert.TryFromBase64String(key, new byte[key.Length], out _)
        ? key
        : throw _reader.Refused("The account key is no base64 text. Copy it whole from the access keys of the storage account", source);

    private static string Words(string source) => source == ConnectionString.Setting ? $"The setting '{source}'" : $"The environment variable {source}";
}
