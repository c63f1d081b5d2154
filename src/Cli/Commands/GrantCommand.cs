using System.CommandLine;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer grant</c>: gives a member access, or another level of it.</summary>
internal static class GrantCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        var member = Arguments.Member(
            "Who: the public id of somebody new, whose fingerprint you compared; or, of who is a member, the fingerprint (10 characters of it are enough). Also the name of an identity of this home.");
        var level = new Argument<string>("ACCESS") { Description = "r (read), rw (read and write) or rwa (admin)." };
        return new Command("grant", "Give a member access.") { name, member, level }.Runs(async (session, parsed, cancellationToken) =>
        {
            var (vault, who) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(member));
            var access = parsed.GetRequiredValue(level);
            if (access == AccessLevels.Format(AccessLevel.None))
                throw ToolException.Usage($"Access is taken with 'coffer revoke {vault} {Excerpt.Of(who)}'. Grant r (read), rw (read and write) or rwa (admin).");
            await SetAsync(session, vault, who, Arguments.Read(access, AccessLevels.Parse), cancellationToken);
        });
    }

    /// <summary>Sets a member's access and prints what it is now.</summary>
    public static async Task SetAsync(Session session, string name, string who, AccessLevel access, CancellationToken cancellationToken)
    {
        var member = await PersonReference.ReadAsync(session.Home, Arguments.Who, who, name, cancellationToken);
        await using var opened = await session.OpenVaultAsync(name, cancellationToken);
        opened.RequireIdentity();
        var id = await member.FindAsync(opened, others: null, cancellationToken);
        if (access == AccessLevel.None && !(await opened.Vault.GetMembersAsync(cancellationToken)).Any(member => member.Id == id))
            throw new VaultException($"{id.Fingerprint} is no member of '{name}', so nothing was changed. 'coffer members {name}' lists who is.");
        await opened.Vault.SetAccessAsync(id, access, cancellationToken);
        if (session.Json)
            session.WriteJson(new AccessView(id.ToString(), id.Fingerprint, AccessLevels.Format(access)), ViewJson.Readable.AccessView);
        else
            await session.Out.WriteLineAsync($"{id.Fingerprint}  {AccessLevels.Format(access)}");
    }
}
