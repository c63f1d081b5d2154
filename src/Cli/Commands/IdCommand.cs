using System.CommandLine;
using Coffer.Cli.Files;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer id new</c>, <c>coffer id show</c> and <c>coffer id list</c>: the identities of this home.</summary>
internal static class IdCommand
{
    public static Command Create() => new("id", "Make and show identities.") { New(), Show(), List() };

    private static Command New()
    {
        var name = new Argument<string>("NAME") { Description = "What to call the identity in this home." };
        var passphrase = new Option<bool>("--passphrase") { Description = "Lock the identity with a passphrase, which is asked for." };
        return new Command("new", "Make an identity.") { name, passphrase }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            var path = Arguments.Read(chosen, session.Home.IdentityPath);
            session.Home.Prepare();
            // Told before anybody types a passphrase; the file's own creation decides.
            if (Path.Exists(path))
                throw new ToolException($"There is an identity '{chosen}' already, in {path}. Choose another name.");
            var secret = parsed.GetValue(passphrase) || session.Passphrases.HasFile
                ? await session.Passphrases.ChooseAsync($"the identity '{chosen}'", cancellationToken)
                : null;
            using var identity = PrivateId.Create();
            await IdentityFile.WriteAsync(path, identity, secret, cancellationToken: cancellationToken);
            Print(session, chosen, identity.Public, secret is not null);
            if (!session.Json)
                await session.Out.WriteLineAsync($"file         {path} ({(secret is null ? "not locked; --passphrase would lock it" : "locked with the passphrase")})");
        });
    }

    private static Command Show()
    {
        var name = new Argument<string>("NAME") { Description = "The identity's name in this home." };
        return new Command("show", "Show an identity's public id and fingerprint.") { name }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            var path = Arguments.Read(chosen, session.Home.IdentityPath);
            try
            {
                Print(session, chosen, await IdentityFile.ReadPublicAsync(path, cancellationToken), await IdentityFile.IsLockedAsync(path, cancellationToken));
            }
            catch (IdentityFileException e) when (e.Fault == IdentityFileFault.Missing)
            {
                throw session.Home.NoIdentity(chosen, e);
            }
        });
    }

    private static Command List() => new Command("list", "List the identities of this home.").Runs(async (session, _, cancellationToken) =>
    {
        var identities = new List<IdentityView>();
        var code = ExitCode.Success;
        foreach (var name in session.Home.Identities())
        {
            try
            {
                var path = session.Home.IdentityPath(name);
                var id = await IdentityFile.ReadPublicAsync(path, cancellationToken);
                identities.Add(new IdentityView(name, id.ToString(), id.Fingerprint, await IdentityFile.IsLockedAsync(path, cancellationToken)));
            }
            catch (Exception e) when (e is IdentityFileException || FileFault.Is(e))
            {
                session.Tell($"{name}: {ErrorText.Of(e)}");
                code = ExitCode.Failure;
            }
        }
        if (session.Json)
        {
            session.WriteJson(identities, ViewJson.Readable.IReadOnlyListIdentityView);
            return code;
        }
        var columns = new Columns();
        foreach (var identity in identities)
            columns.Add(identity.Name, identity.Fingerprint, identity.PublicId, identity.IsLocked ? "locked" : "");
        columns.WriteTo(session.Out);
        return code;
    });

    private static void Print(Session session, string name, PublicId id, bool isLocked)
    {
        if (session.Json)
        {
            session.WriteJson(new IdentityView(name, id.ToString(), id.Fingerprint, isLocked), ViewJson.Readable.IdentityView);
            return;
        }
        session.Out.WriteLine($"name         {name}");
        session.Out.WriteLine($"public id    {id}");
        session.Out.WriteLine($"fingerprint  {id.Fingerprint}");
    }
}
