using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>Reads the names in a folder, as the exact bytes that the file system has.</summary>
internal static unsafe class LinuxFolder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The names that are valid UTF-8, with their types; a type can be unknown. The handle's position is used up.</summary>
    /// <exception cref="IOException">The folder cannot be read; its <see cref="Exception.HResult"/> is the error number.</exception>
    public static List<(string Name, byte Type)> Entries(SafeFileHandle folder)
    {
        var copy = Libc.Duplicate(folder);
        var entries = copy < 0 ? 0 : Libc.OpenEntries(copy);
        if (entries == 0)
            throw Failed();
        try
        {
            var names = new List<(string, byte)>();
            while (true)
            {
                Marshal.SetLastSystemError(0);
                var entry = Libc.ReadEntry(entries);
                if (entry is null)
                    return Libc.LastError == 0 ? names : throw Failed();
                if (TryDecode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry->Name)) is { } name)
                    names.Add((name, entry->Type));
            }
        }
        finally
        {
            _ = Libc.CloseEntries(entries);
        }
    }

    private static string? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [(byte)'.'] or [(byte)'.', (byte)'.'])
            return null;
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static IOException Failed() => new(Marshal.GetPInvokeErrorMessage(Libc.LastError), Libc.LastError);
}
