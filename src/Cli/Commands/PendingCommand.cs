using System.CommandLine;
using System.Globalization;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer pending</c>: what was put asynchronously and is not in the vault yet, and what a person decides about it.</summary>
internal static class PendingCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        var retry = new Option<bool>("--retry") { Description = "Try again what was refused, and send what waits." };
        var cancel = new Option<long[]>("--cancel") { Description = "Take this one out, with its content; by its number in the list, where all files of one number go.", HelpName = "ID" };
        var from = new Option<string?>("--from") { Description = "Take over what can still be read of another vault of this home, the same one under another name, whose local state is damaged.", HelpName = "OLD" };
        var wait = new Option<bool>("--wait") { Description = "Send what waits, and go on trying until nothing is left." };
        return new Command("pending", "List what was put with --async and is not in the vault yet, or was refused.") { name, retry, cancel, from, wait }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await using var opened = await session.OpenVaultAsync(chosen, cancellationToken);
            if (parsed.GetValue(from) is { } old)
                await SalvageAsync(session, opened.Vault, old, cancellationToken);
            foreach (var id in parsed.GetValue(cancel) ?? [])
                await CancelAsync(opened, id, cancellationToken);
            if (parsed.GetValue(retry))
                await RetryAsync(opened.Vault, cancellationToken);
            if (parsed.GetValue(wait))
                await WaitAsync(session, opened, cancellationToken);
            else if (parsed.GetValue(retry))
                await PendingFiles.SendAsync(session, opened, cancellationToken);
            var pending = await opened.Vault.GetPendingAsync(cancellationToken);
            await PrintAsync(session, opened, pending, cancellationToken);
            return (parsed.GetValue(wait) || parsed.GetValue(retry)) && pending.Any(static write => write.Refusal is not null) ? ExitCode.Failure : ExitCode.Success;
        });
    }

    private static async Task SalvageAsync(Session session, Vault vault, string old, CancellationToken cancellationToken)
    {
        var taken = (await vault.SalvagePendingAsync(session.Home.IndexPath(old), cancellationToken)).Count;
        session.Tell($"took over {Quantity.Of(taken, "file")} that could be read of what waited in '{old}'; 'coffer forget {old}' removes the damaged files.");
    }

    private static async Task CancelAsync(OpenedVault opened, long id, CancellationToken cancellationToken)
    {
        if (await opened.Vault.CancelPendingAsync(id, cancellationToken))
            return;
        throw (await opened.Vault.GetPendingAsync(cancellationToken)).Any(write => write.Id == id)
            ? new ToolException($"Number {id} is on its way and may be in the vault already, so it cannot be taken out any more. When it is there, 'coffer rm' hides it.")
            : new ToolException($"Nothing of the number {id} is pending. 'coffer pending {opened.Name}' shows what is.");
    }

    private static async Task RetryAsync(Vault vault, CancellationToken cancellationToken)
    {
        foreach (var id in (await vault.GetPendingAsync(cancellationToken)).Where(static write => write.Refusal is not null).Select(static write => write.Id).Distinct())
            await vault.RetryPendingAsync(id, cancellationToken);
    }

    private static Task<bool> WaitAsync(Session session, OpenedVault opened, CancellationToken cancellationToken) => PendingFiles.UnderProgressAsync(session, opened.Name, async progress =>
    {
        try
        {
            await opened.Vault.WaitFilesAsync(progress, cancellationToken);
            return true;
        }
        catch (AggregateException fault) when (fault.InnerExceptions.All(static inner => inner is WriteRefusedException))
        {
            // The list that follows has them.
            return false;
        }
    });

    private static async Task PrintAsync(Session session, OpenedVault opened, IReadOnlyList<PendingWrite> pending, CancellationToken cancellationToken)
    {
        if (session.Json)
        {
            session.WriteJson([.. pending.Select(ViewOf)], ViewJson.Readable.IReadOnlyListPendingFileView);
            return;
        }
        if (pending.Count == 0)
        {
            await session.Out.WriteLineAsync("nothing is pending");
            return;
        }
        var people = await opened.PeopleAsync(cancellationToken);
        var columns = new Columns(true, false, true);
        foreach (var write in pending)
        {
            columns.Add(
                write.Id.ToString(CultureInfo.InvariantCulture), Text(write), write.Size.ToString(CultureInfo.InvariantCulture), EntryText.Time(write.Accepted), SealOf(write, people), VisibleText.OfName(write.Path));
        }
        columns.WriteTo(session.Out);
        foreach (var (number, error) in pending.Where(static write => write.Error is not null).Select(static write => (write.Id, write.Error!)).Distinct())
            session.Tell($"{number}: {ErrorText.OneLine(error)}");
    }

    private static string SealOf(PendingWrite write, People people) => write.Recipient is { } recipient ? "to:" + people.Short(recipient) : "-";

    private static string Text(PendingWrite write) => StateOf(write) switch
    {
        "scheduled" => "at " + EntryText.Time(write.NotBefore!.Value),
        "housekeeping" => "at housekeeping",
        "waiting" when write.Attempts > 0 => $"waiting, {write.Attempts} tr{(write.Attempts == 1 ? "y" : "ies")}",
        var state => state,
    };

    private static string StateOf(PendingWrite write) => write switch
    {
        { Refusal: not null } => "refused",
        { IsOnItsWay: true } => "sending",
        { WaitsForHousekeeping: true } => "housekeeping",
        { NotBefore: not null } => "scheduled",
        _ => "waiting",
    };

    private static PendingFileView ViewOf(PendingWrite write) => new(
        write.Id, write.Path, write.Recipient?.ToString(), write.Size, StateOf(write), write.Accepted, write.NotBefore, write.Attempts, write.Refusal is { } refusal ? JsonName(refusal) : null, write.Error);

    private static string JsonName(RefusalReason reason)
    {
        var name = reason.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
