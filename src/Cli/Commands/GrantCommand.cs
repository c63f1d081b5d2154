using System.CommandLine;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer grant</c>: gives a member access, or another level of it.</summary>
internal static class GrantCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        var member = Arguments.Member();
        var level = new Argument<string>("ACCESS") { Description = "r (read), rw (read and write) or rwa (admin)." };
        return new Command("grant", "Give a member access.") { name, member, level }.Runs(async (session, parsed, cancellationToken) =>
        {
            var id = Arguments.Read(parsed.GetRequiredValue(member), PublicId.Parse);
            var access = Arguments.Read(parsed.GetRequiredValue(level), AccessLevels.Parse);
            await SetAsync(session, parsed.GetRequiredValue(name), id, access, cancellationToken);
        });
    }

    /// <summary>Sets a member's access and prints what it is now.</summary>
    public static async Task SetAsync(Session session, string name, PublicId id, AccessLevel access, CancellationToken cancellationToken)
    {
        await using var opened = await session.OpenVaultAsync(name, cancellationToken);
        if (access == AccessLevel.None && !(await opened.Vault.GetMembersAsync(cancellationToken)).Any(member => member.Id == id))
            throw new VaultException($"{id.Fingerprint} is no member of '{name}', so nothing was changed. 'coffer members {name}' lists who is.");
        await opened.Vault.SetAccessAsync(id, access, cancellationToken);
        if (session.Json)
            session.WriteJson(new AccessView(id.ToString(), id.Fingerprint, AccessLevels.Format(access)), ViewJson.Readable.AccessView);
        else
            await session.Out.WriteLineAsync($"{id.Fingerprint}  {AccessLevels.Format(access)}");
    }
}
