using Microsoft.Extensions.Logging;

namespace Coffer.Hosting;

/// <summary>What is logged of housekeeping: names of the configuration, figures and messages of errors, and never a secret, a key or a path within a vault.</summary>
internal static partial class HousekeepingLog
{
    [LoggerMessage(1, LogLevel.Information,
        "Housekeeping of the vault '{Vault}' packed {CommitsPacked} commits into {PacksMade} packs and merged {PacksMerged}; it deleted {CommitsDeleted} commits and {PacksDeleted} packs that packs hold, {JunkDeleted} objects that are no commits, and {BodiesDeleted} contents that nobody needs ({BytesFreed} bytes).")]
    public static partial void Did(
        ILogger logger, string vault, int commitsPacked, int packsMade, int packsMerged, int commitsDeleted, int packsDeleted, int junkDeleted, int bodiesDeleted, long bytesFreed);

    [LoggerMessage(2, LogLevel.Debug, "Housekeeping of the vault '{Vault}' had nothing to do; it brought {Blocks} blocks and {Commits} commits.")]
    public static partial void NothingToDo(ILogger logger, string vault, int blocks, int commits);

    [LoggerMessage(EventId = 3, Message = "Housekeeping of the vault '{Vault}' deleted nothing: {Reason}.")]
    public static partial void NothingDeleted(ILogger logger, LogLevel level, string vault, string reason);

    [LoggerMessage(4, LogLevel.Warning, "The index of the vault '{Vault}' was damaged, and was made anew from the store.")]
    public static partial void IndexRebuilt(ILogger logger, string vault);

    [LoggerMessage(5, LogLevel.Warning, "Housekeeping of the vault '{Vault}' failed ({Failures} in a row), and is tried again in {Wait}: {Message}")]
    public static partial void Failed(ILogger logger, string vault, string message, int failures, TimeSpan wait, Exception exception);
}
