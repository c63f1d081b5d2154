using System.Text;

namespace Coffer.Stores.Sftp;

/// <summary>A name in a folder, and what the server says of what has it, links not followed.</summary>
/// <param name="Name">The name; null when its bytes are no UTF-8.</param>
/// <param name="Attributes">What is known of it.</param>
internal readonly record struct SftpName(string? Name, SftpAttributes Attributes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a NAME (section 7), behind its id.</summary>
    public static List<SftpName> ReadAll(ReadOnlySpan<byte> bytes)
    {
        var reader = new PacketReader(bytes);
        var names = new List<SftpName>();
        for (var count = reader.UInt32(); count > 0; count--)
        {
            var name = Decode(reader.Bytes());
            _ = reader.Bytes(); // The same once more, as a line for people.
            names.Add(new SftpName(name, SftpAttributes.Read(ref reader)));
        }
        return names;
    }

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
