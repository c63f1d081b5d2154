using System.CommandLine;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer members</c>: who has access to a vault.</summary>
internal static class MembersCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        return new Command("members", "List who has access.") { name }.Runs(async (session, parsed, cancellationToken) =>
        {
            await using var opened = await session.OpenVaultAsync(parsed.GetRequiredValue(name), cancellationToken);
            var people = await People.OfAsync(session.Home, cancellationToken);
            var members = await opened.Vault.GetMembersAsync(cancellationToken);
            if (session.Json)
            {
                session.WriteJson(
                    [.. members.Select(member => new MemberView(
                        member.Id.ToString(), member.Id.Fingerprint, AccessLevels.Format(member.Access), member.IsMe, people.NameOf(member.Id)))],
                    ViewJson.Readable.IReadOnlyListMemberView);
                return;
            }
            var columns = new Columns();
            foreach (var member in members)
            {
                var called = people.NameOf(member.Id) is { } known ? known + (member.IsMe ? " (you)" : "") : "";
                columns.Add(AccessLevels.Format(member.Access), member.Id.Fingerprint, member.Id.ToString(), called);
            }
            columns.WriteTo(session.Out);
            if (opened.Vault.IsPublic)
                session.Tell("this vault is public: who is not listed here can read it too.");
        });
    }
}
