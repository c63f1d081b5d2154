namespace Coffer.Stores.Local;

/// <summary>The error numbers of Linux that matter here, the same on all its processors that .NET runs on (asm-generic/errno.h).</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoDeviceOrAddress = 6;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NoDevice = 19;
    public const int NotFolder = 20;
    public const int IsFolder = 21;
    public const int Invalid = 22;
    public const int TooManyOpenFilesInSystem = 23;
    public const int TooManyOpenFiles = 24;
    public const int FileTooBig = 27;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int NameTooLong = 36;
    public const int SymbolicLink = 40;
    public const int InvalidSequence = 84;
    public const int NotSupported = 95;
    public const int TimedOut = 110;
    public const int StaleHandle = 116;
    public const int QuotaExceeded = 122;
}
