using System.Runtime.CompilerServices;

namespace Coffer.Stores.S3.Tests;

/// <summary>
/// The credentials file of this process: the SDK takes the place of that file from the environment when it first looks for one, and never again, so it has to be named
/// before any test begins.
/// </summary>
internal static class SharedCredentials
{
    /// <summary>A profile with the server's keys.</summary>
    public const string Known = "coffer-profile-test";

    /// <summary>A profile with keys that the server does not know.</summary>
    public const string Stranger = "coffer-stranger-test";

    [ModuleInitializer]
    internal static void Write()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, $"""
            [{Stranger}]
            aws_access_key_id = stranger
            aws_secret_access_key = stranger
            [{Known}]
            aws_access_key_id = {Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID")}
            aws_secret_access_key = {Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY")}
            """);
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", file);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file);
    }
}
