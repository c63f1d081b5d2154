namespace Coffer.TestServers;

/// <summary>Where the real servers are that tests talk to: those that up.sh started, or that somebody pointed the tests at.</summary>
public static class TestServer
{
    /// <summary>A bucket of an S3 server. Its keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.</summary>
    public static string S3 => Required("COFFER_TEST_S3_URL");

    /// <summary>A folder of an SFTP server.</summary>
    public static string Sftp => Required("COFFER_TEST_SFTP_URL");

    /// <summary>A container of an Azure Blob server, which AZURE_STORAGE_CONNECTION_STRING describes.</summary>
    public static string Azure => Required("COFFER_TEST_AZURE_URL");

    /// <summary>A folder of that name below the path of a store URL: nobody else works there when the name is of one's own.</summary>
    public static string Below(string url, string name)
    {
        ArgumentNullException.ThrowIfNull(url);
        var query = url.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? $"{url}/{name}" : $"{url[..query]}/{name}{url[query..]}";
    }

    /// <summary>A name that no other test and no other run has.</summary>
    public static string FreshName() => Guid.NewGuid().ToString("n")[..12];

    private static string Required(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } url ? url
        : throw new InvalidOperationException($"{variable} is not set. Run ./test.sh, or start the servers yourself: tests/servers/up.sh /tmp/servers && set -a && . /tmp/servers/env && set +a");
}
