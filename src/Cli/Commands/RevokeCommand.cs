using System.CommandLine;
using Coffer.Cli.Invocation;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer revoke</c>: takes a member's access. What is written from then on is sealed with a new key, unless the vault is public.</summary>
internal static class RevokeCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        var member = Arguments.Member("The member: its fingerprint (10 characters of it are enough), its public id, or the name of an identity of this home.");
        return new Command("revoke", "Take a member's access, and seal what is new with a new key.") { name, member }.Runs((session, parsed, cancellationToken) =>
            GrantCommand.SetAsync(session, parsed.GetRequiredValue(name), parsed.GetRequiredValue(member), AccessLevel.None, cancellationToken));
    }
}
