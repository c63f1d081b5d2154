using Coffer.Cli.Tests.Running;
using Coffer.Stores;
using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Cli.Tests.Commands;

public sealed class JoinTests : IAsyncLifetime
{
    private readonly Workplace _place = new();
    private string _invitation = "";
    private string _bob = "";

    public async ValueTask InitializeAsync()
    {
        await _place.CreateAsync("alice");
        _bob = await _place.IdentityAsync("bob");
        (await _place.RunAsync("alice", "grant", "team", _bob, "r")).Succeeded();
        _invitation = (await _place.RunAsync("alice", "invite", "team")).Succeeded().Lines[^1];
    }

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_invitation_names_its_realm_and_another_one_is_refused()
    {
        Assert.Contains("realm 'users'", (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob", "--realm", "public")).Failed(2).Error);
        (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob", "--realm", "users")).Succeeded();
    }

    [Fact]
    public async Task What_an_invitation_says_about_this_machine_is_passed_over_and_what_is_typed_is_kept()
    {
        using var alice = await IdentityFile.ReadAsync(Path.Combine(_place.HomeOf("alice"), "identities", "alice.id"), static _ => ValueTask.FromResult<string?>(null));
        await using var store = new StoreRegistry().AddLocal().Open(_place.StoreUrl);
        await using var vault = await Vault.OpenAsync(store, alice, new VaultOpenOptions { IndexPath = _place.Local("library.db"), Creator = alice.Public });
        var invitation = await vault.InviteAsync(_place.StoreUrl);
        Assert.Equal(_place.StoreUrl, invitation.StoreUrl);

        var plain = (await _place.RunAsync("bob", "join", "plain", invitation.ToString(), "--as", "bob", "--json")).Succeeded().Json;
        var typed = (await _place.RunAsync("bob", "join", "typed", invitation.ToString(), "--as", "bob", "--url", _place.StoreUrl, "--json")).Succeeded().Json;

        Assert.Equal("file://" + _place.Store, plain.GetProperty("url").GetString());
        Assert.Equal(_place.StoreUrl, typed.GetProperty("url").GetString());
    }

    [Fact]
    public async Task What_stands_in_the_wrong_place_is_told_and_not_shown_again()
    {
        string[][] mistakes =
        [
            ["join", "team", _invitation, "--as", "bob", "--creator", _bob],
            ["join", _invitation, "team", "--as", "bob"],
            ["join", _invitation, _invitation, "--as", "bob"],
            ["join", "file:///srv/x", "team", "--as", "bob", "--creator", _bob],
            ["join", "team", "./store", "--as", "bob"],
            ["join", "team", _place.StoreUrl, "--as", "bob"],
            ["join", "team", _invitation, "--as", "bob", "--url", _invitation],
            ["create", "team", _invitation, "--as", "bob"],
            ["create", _invitation, "./x", "--as", "bob"],
        ];
        foreach (var arguments in mistakes)
        {
            var error = (await _place.RunAsync("bob", arguments)).Failed(2).Error;
            Assert.DoesNotContain(_invitation[..40], error);
            Assert.InRange(error.Length, 20, 350);
        }
        Assert.Contains("--creator", (await _place.RunAsync("bob", mistakes[4])).Error);
        Assert.Contains("comes first", (await _place.RunAsync("bob", mistakes[1])).Error);
        (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob")).Succeeded();
    }

    [Fact]
    public async Task A_place_with_nothing_in_it_is_named()
    {
        Directory.CreateDirectory(_place.Local("empty"));
        foreach (var folder in new[] { "missing", "empty" })
        {
            var error = (await _place.RunAsync("bob", "join", "team", "./" + folder, "--creator", _bob, "--as", "bob")).Failed().Error;
            Assert.Contains($"nothing at file://{_place.Local(folder)}", error);
            Assert.Contains("nothing at", (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob", "--url", "./" + folder)).Failed().Error);
        }
        Assert.False(Path.Exists(_place.Local("missing")));
        (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob")).Succeeded();
        Directory.Move(_place.Store, _place.Local("away"));
        Assert.Contains($"nothing at file://{_place.Store}", (await _place.RunAsync("bob", "ls", "team:")).Failed().Error);
    }
}
