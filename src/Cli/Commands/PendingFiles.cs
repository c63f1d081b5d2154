using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary>What an asynchronous <c>put</c> left: several commands send it, and say what became of it.</summary>
internal static class PendingFiles
{
    /// <summary>Sends what is due, as far as it goes at once; gives how many files went.</summary>
    public static Task<long> SendAsync(Session session, OpenedVault opened, CancellationToken cancellationToken) =>
        UnderProgressAsync(session, opened.Name, progress => opened.Vault.SendPendingAsync(progress, cancellationToken));

    /// <summary>Runs what sends pending files under a bar.</summary>
    public static async Task<T> UnderProgressAsync<T>(Session session, string vault, Func<IProgress<PendingFigures>, Task<T>> send)
    {
        var result = default(T)!;
        await Output.TransferProgress.RunAsync(session.Invocation, $"send {vault}:", async bar => result = await send(new QueueProgress(bar)));
        return result;
    }

    /// <summary>Tells what could not be sent, and where more is to be read.</summary>
    public static void TellOf(Session session, string vault, PendingFigures pending)
    {
        if (pending is { Files: 0, Refused: 0 })
            return;
        var left = pending.Files == 0 ? "" : $"{Quantity.Of(pending.Files, "file")} still to be sent";
        var refused = pending.Refused == 0 ? "" : $"{Quantity.Of(pending.Refused, "file")} refused";
        session.Tell($"{left}{(left.Length > 0 && refused.Length > 0 ? ", " : "")}{refused}; see 'coffer pending {vault}'.{(pending is { Files: > 0, OldestError: { } error } ? $" An attempt failed: {ErrorText.OneLine(error)}" : "")}");
    }

    /// <summary>The bytes that are left, as a bar of those that are done.</summary>
    private sealed class QueueProgress(Output.TransferProgress bar) : IProgress<PendingFigures>
    {
        private long? _left;

        public void Report(PendingFigures value)
        {
            if (_left is { } left)
                bar.Advance(left - value.Bytes);
            else
                bar.Expect(value.Bytes);
            _left = value.Bytes;
        }
    }
}
