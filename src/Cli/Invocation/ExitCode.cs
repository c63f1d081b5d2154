namespace Coffer.Cli.Invocation;

/// <summary>What the process ends with. Zero means that all that was asked was done, and nothing else does.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Something failed, or a part of it; standard error says what.</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Nobody reads standard output any more, as after <c>| head</c>: 128 + SIGPIPE.</summary>
    public const int OutputClosed = 141;

    /// <summary>A signal ended it: 128 + its number, which is 130 for Ctrl-C.</summary>
    public static int OfSignal(int number) => 128 + number;
}
