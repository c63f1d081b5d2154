using System.Globalization;
using System.Text;
using System.Text.Json;
using Coffer.Cli.Invocation;

namespace Coffer.Cli.Demo;

/// <summary>The story of <c>coffer demo</c>: two people, one folder that anybody may look at, and nothing that anybody learns from it.</summary>
internal sealed class DemoStory(DemoStage stage)
{
    private const string Secret = "the harbour, at nine";

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        stage.Say($"""
            Alice and Bob want to share files. All they have in common is a place that others can look into:
            a bucket, a server, or, in this story, a folder. Everything here happens in {stage.Folder},
            by the commands that you see, and is gone afterwards.
            """);
        var bob = await MakeIdentitiesAsync(cancellationToken);
        await ShareAsync(bob, cancellationToken);
        await WorkAsync(cancellationToken);
        await ShowStoreAsync(cancellationToken);
        await RevokeAsync(bob, cancellationToken);
        await RebuildAsync(cancellationToken);
        stage.Say("""
            That is all there is: a store that only keeps objects, and tools that trust it with nothing else.
            The folder of this story is being removed. 'coffer --help' lists the commands; docs/cli.md tells more.
            """);
    }

    private async Task<string> MakeIdentitiesAsync(CancellationToken cancellationToken)
    {
        stage.Say("""
            1. Each makes an identity: a pair of keys in a file, on a machine of one's own.
               The public id may be shown to anybody. The fingerprint is its short form, to compare on the phone.
            """);
        await stage.RunAsync("alice", cancellationToken, "id", "new", "alice");
        await stage.RunAsync("bob", cancellationToken, "id", "new", "bob");
        var shown = await stage.RunQuietlyAsync("bob", cancellationToken, "id", "show", "bob", "--json");
        using var json = JsonDocument.Parse(shown);
        return json.RootElement.GetProperty("publicId").GetString() ?? throw new ToolException("The demo could not read Bob's identity.");
    }

    private async Task ShareAsync(string bob, CancellationToken cancellationToken)
    {
        stage.Say("2. Alice makes a vault on the store, lets Bob read and write, and sends him an invitation.");
        await stage.RunAsync("alice", cancellationToken, "create", "team", "./store", "--as", "alice");
        await stage.RunAsync("alice", cancellationToken, "grant", "team", bob, "rw");
        var invitation = await stage.RunAsync("alice", cancellationToken, "invite", "team");
        stage.Say("3. Bob joins. He could call the vault anything; his index of it is his own.");
        await stage.RunAsync("bob", cancellationToken, "join", "team", invitation.Trim().Split('\n')[^1], "--as", "bob");
        await stage.RunAsync("bob", cancellationToken, "members", "team");
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        stage.Say("4. Alice puts a folder into the vault. Bob sees it, and reads it.");
        stage.Type("alice", "plans/meeting.txt", "We meet at " + Secret + ".");
        stage.Type("alice", "plans/cake.txt", "Six eggs.");
        await stage.RunAsync("alice", cancellationToken, "put", "plans", "team:");
        await stage.RunAsync("bob", cancellationToken, "ls", "-l", "-R", "team:");
        await stage.RunAsync("bob", cancellationToken, "cat", "team:plans/meeting.txt");
        stage.Say("5. Bob changes a file. Nothing is overwritten: the old version can still be read, and each has its author's signature.");
        stage.Type("bob", "mine.txt", "We meet at the station, at ten.");
        await stage.RunAsync("bob", cancellationToken, "put", "mine.txt", "team:plans/meeting.txt");
        await stage.RunAsync("alice", cancellationToken, "versions", "team:plans/meeting.txt");
        await stage.RunAsync("alice", cancellationToken, "cat", "team:plans/meeting.txt");
        await stage.RunAsync("alice", cancellationToken, "cat", "team:plans/meeting.txt", "--version", "1");
    }

    private async Task ShowStoreAsync(CancellationToken cancellationToken)
    {
        stage.Say("6. What does the store see of this? All of it, but nothing that it could read:");
        var objects = await DemoStage.ObjectsAsync(cancellationToken);
        foreach (var (key, content) in objects)
            stage.Show($"{content.Length.ToString(CultureInfo.InvariantCulture),8}  {key}");
        var telling = objects.Count(item => Holds(item.Content, Secret) || Holds(item.Content, "meeting") || Holds(item.Content, "eggs"));
        stage.Show($"Objects in which one of the words 'meeting', 'eggs' or '{Secret}' can be found: {telling} of {objects.Count}.");
    }

    private async Task RevokeAsync(string bob, CancellationToken cancellationToken)
    {
        stage.Say("7. Bob leaves. From now on everything is sealed with a new key, and his own copy of the tool tells him so.");
        await stage.RunAsync("alice", cancellationToken, "revoke", "team", bob);
        stage.Type("alice", "plans/surprise.txt", "It is for Bob.");
        await stage.RunAsync("alice", cancellationToken, "put", "plans/surprise.txt", "team:plans/");
        await stage.RunAsync("bob", cancellationToken, "cat", "team:plans/surprise.txt");
        stage.Say("8. Who was let in, and out, by whom: a chain of signed blocks, which nobody can alter unnoticed.");
        await stage.RunAsync("alice", cancellationToken, "ledger", "team");
    }

    private async Task RebuildAsync(CancellationToken cancellationToken)
    {
        stage.Say("9. What Alice's machine knows of the vault can be made anew from the store at any time; then she gets everything back.");
        await stage.RunAsync("alice", cancellationToken, "rebuild", "team");
        await stage.RunAsync("alice", cancellationToken, "get", "team:", "everything");
        await stage.RunAsync("alice", cancellationToken, "ls", "-R", "team:");
    }

    private static bool Holds(byte[] content, string text) => content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
