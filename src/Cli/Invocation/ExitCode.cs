namespace Coffer.Cli.Invocation;

/// <summary>What the process ends with. Zero means that all that was asked was done, and nothing else does.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Something failed, or a part of it; standard error says what. The same command line may do well another time, or on another machine.</summary>
    public const int Failure = 1;

    /// <summary>
    /// The command line is wrong by itself, whatever is in the home, in the vault, on the store or on this machine; nothing was done. What hangs on any of these is a <see cref="Failure"/>.
    /// </summary>
    public const int Usage = 2;

    /// <summary>Nobody reads standard output any more, as after <c>| head</c>: 128 + SIGPIPE.</summary>
    public const int OutputClosed = 141;

    /// <summary>A signal ended it: 128 + its number, which is 130 for Ctrl-C.</summary>
    public static int OfSignal(int number) => 128 + number;
}
