namespace Coffer.Bench.Stores;

/// <summary>OpenSSH's own <c>sftp</c>, which waits for the server's disk (<c>-f</c>), as a store does.</summary>
internal sealed class SftpProgramPeer(string url) : IStorePeer
{
    private readonly StoreUrl _url = StoreUrl.Parse(url);

    public string Name => "sftp -f";

    public Task PutAsync(string file, string name) => RunAsync($"-mkdir {_url.Path}\nput -f {file} {_url.Path}/{name}\n");

    public Task GetAsync(string name, string file) => RunAsync($"get -f {_url.Path}/{name} {file}\n");

    private async Task RunAsync(string commands)
    {
        var batch = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(batch, commands);
            await MeasuredProcess.RunAsync("sftp",
            [
                "-q", "-b", batch, "-i", _url.Options["identityFile"], $"-oUserKnownHostsFile={_url.Options["knownHosts"]}", "-oIdentitiesOnly=yes", "-P", $"{_url.Port ?? 22}",
                $"{_url.User}@{_url.Host}",
            ]);
        }
        finally
        {
            File.Delete(batch);
        }
    }
}
