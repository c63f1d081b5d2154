using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Coffer.Stores;
using Coffer.TestServers;
using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Samples.Tests;

/// <summary>The sample runs unchanged on every kind of store: only the URL in its configuration differs.</summary>
public sealed class TeamFilesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-samples-").FullName;
    private readonly PrivateId _owner = PrivateId.Create();

    private string Identity => Path.Combine(_folder, "web.id");

    public async ValueTask InitializeAsync() => await IdentityFile.WriteAsync(Identity, _owner);

    public ValueTask DisposeAsync()
    {
        _owner.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private string UrlOf(string kind) => kind switch
    {
        "file" => $"file://{_folder}/store?fsync=false",
        "s3" => TestServer.Below(TestServer.S3, TestServer.FreshName()),
        "sftp" => TestServer.Below(TestServer.Sftp, TestServer.FreshName()),
        _ => TestServer.Below(TestServer.Azure, TestServer.FreshName()),
    };

    private Dictionary<string, string> SettingsFor(string url) => new()
    {
        ["Coffer__Stores__team"] = url,
        ["Coffer__Vaults__team__Creator"] = _owner.Public.ToString(),
        ["Coffer__Vaults__team__Identity"] = "file:" + Identity,
        ["Coffer__Vaults__team__Index"] = Path.Combine(_folder, "index", "team.db"),
        ["Logging__LogLevel__Default"] = "Trace",
        ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
    };

    private async Task CreateVaultAsync(IStore store) => await (await Vault.CreateAsync(store, _owner, new VaultCreateOptions
    {
        IndexPath = Path.Combine(_folder, "creator", TestServer.FreshName(), "team.db"),
    })).DisposeAsync();

    [Theory]
    [InlineData("file")]
    [InlineData("s3")]
    [InlineData("sftp")]
    [InlineData("azblob")]
    public async Task Files_are_uploaded_listed_and_downloaded_on(string kind)
    {
        var url = UrlOf(kind);
        await using var store = new StoreRegistry().AddLocal().AddS3().AddSftp().AddAzure().Open(url);
        await CreateVaultAsync(store);
        var report = RandomNumberGenerator.GetBytes(20_000_000);
        string output;

        var (process, client) = await TeamFilesProcess.StartAsync(SettingsFor(url));
        await using (process)
        {
            using (client)
            {
                // One streams without telling the length, the other is small.
                using var stream = new StreamContent(new UnknownLength(new MemoryStream(report)));
                using var uploaded = await client.PutAsync("files/docs/a%20report.pdf", stream);
                using var small = await client.PutAsync("files/hello.txt", new StringContent("hello"));
                Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (uploaded.StatusCode, small.StatusCode));

                var root = await client.GetFromJsonAsync<JsonElement>("list");
                var docs = await client.GetFromJsonAsync<JsonElement>("list/docs");
                Assert.Equal(["docs/", "hello.txt"], root.EnumerateArray().Select(entry => entry.GetProperty("path").GetString()));
                Assert.Equal(report.Length, Assert.Single(docs.EnumerateArray()).GetProperty("size").GetInt64());

                Assert.Equal(report, await client.GetByteArrayAsync("files/docs/a%20report.pdf"));
                await RangesAsync(client, report);
                Assert.Equal("Healthy", await client.GetStringAsync("health"));
            }
        }
        output = process.Output;
        Assert.Contains("trce: ", output);
        NoSecretIn(output);
        await RemoveAsync(store);
    }

    private static async Task RangesAsync(HttpClient client, byte[] report)
    {
        foreach (var (from, to, expected) in new (long?, long?, Range)[] { (17_000_000, 17_000_999, 17_000_000..17_001_000), (19_999_990, null, 19_999_990..20_000_000), (null, 5, ^5..) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "files/docs/a%20report.pdf") { Headers = { Range = new RangeHeaderValue(from, to) } };
            using var part = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(report[expected], await part.Content.ReadAsByteArrayAsync());
        }
        using var behind = new HttpRequestMessage(HttpMethod.Get, "files/hello.txt") { Headers = { Range = new RangeHeaderValue(5, null) } };
        using var refused = await client.SendAsync(behind);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, refused.StatusCode);
    }

    /// <summary>The keys of the servers, and what the identity file holds.</summary>
    private void NoSecretIn(string output)
    {
        var azure = Environment.GetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING")?.Split(';').FirstOrDefault(part => part.StartsWith("AccountKey=", StringComparison.Ordinal))?["AccountKey=".Length..];
        var identity = File.ReadAllText(Identity).Split('\n').Where(line => line.Length > 30);
        string?[] secrets = [Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY"), azure, .. identity];
        Assert.All(secrets.Where(secret => !string.IsNullOrEmpty(secret)), secret => Assert.DoesNotContain(secret!.Trim(), output));
    }

    private static async Task RemoveAsync(IStore store)
    {
        var keys = new List<StoreKey>();
        await foreach (var entry in store.ListAsync())
            keys.Add(entry.Key);
        await store.DeleteManyAsync(keys);
    }

    [Fact]
    public async Task What_is_not_there_or_no_path_is_answered_as_such()
    {
        var url = UrlOf("file");
        await using var store = new StoreRegistry().AddLocal().Open(url);
        await CreateVaultAsync(store);
        var (process, client) = await TeamFilesProcess.StartAsync(SettingsFor(url));
        await using var _ = process;
        using var __ = client;

        using var missing = await client.GetAsync("files/nothing");
        using var noPath = await client.PutAsync("files/a%5C%00b", new StringContent("x"));
        using var page = await client.GetAsync("/");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.OK), (missing.StatusCode, noPath.StatusCode, page.StatusCode));
    }

    [Theory]
    [InlineData("Coffer__Stores__team", "gopher://x", "Coffer:Stores:team: No store provider for the scheme 'gopher'")]
    [InlineData("Coffer__Stores__team__Fsink", "false", "no option 'Fsink'")]
    [InlineData("Coffer__Vaults__team__Creator", "nobody", "Coffer:Vaults:team:Creator: ")]
    public async Task A_wrong_setting_ends_it_at_its_start_and_is_named(string name, string value, string said) =>
        Assert.Contains(said, await TeamFilesProcess.RefusedAsync(new Dictionary<string, string>(SettingsFor(UrlOf("file"))) { [name] = value }));

    [Fact]
    public async Task Ended_while_its_vault_is_being_opened_it_ends_well()
    {
        // A server that takes connections and says nothing.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var settings = new Dictionary<string, string>(SettingsFor($"s3://bucket?endpoint=http://{silent.LocalEndpoint}&region=us-east-1")) { ["AWS_ACCESS_KEY_ID"] = "key", ["AWS_SECRET_ACCESS_KEY"] = "secret" };

        var (exitCode, output) = await TeamFilesProcess.EndedAsync(settings, () => silent.AcceptTcpClientAsync());

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("Unhandled", output);
    }

    /// <summary>Sent in chunks.</summary>
    private sealed class UnknownLength(Stream inner) : ReadOnlyStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);
    }
}
