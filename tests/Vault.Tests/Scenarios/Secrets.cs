using System.Buffers.Binary;
using System.Buffers.Text;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Keys, and a search for them in all the ways in which bytes are written.</summary>
internal sealed class Secrets
{
    // Half a key is as bad as a whole one to find.
    private const int Enough = 16;

    private readonly List<(string Name, byte[] Bytes, string[] Texts)> _known = [];

    /// <summary>How many there are.</summary>
    public int Count => _known.Count;

    public void Add(string name, ReadOnlySpan<byte> secret)
    {
        var bytes = secret[..Enough].ToArray();
        var texts = new List<string> { Convert.ToHexStringLower(bytes), Convert.ToHexString(bytes), Encoding.Base32Hex.Format(BinaryPrimitives.ReadUInt128BigEndian(bytes))[..24] };
        // In base64 it looks different behind one or two other bytes; the characters at both ends hang on what stands beside it.
        for (var before = 0; before < 3; before++)
        {
            byte[] shifted = [.. new byte[before], .. bytes];
            var first = (before * 8 + 5) / 6;
            var last = shifted.Length * 8 / 6;
            texts.Add(Convert.ToBase64String(shifted)[first..last]);
            texts.Add(Base64Url.EncodeToString(shifted)[first..last]);
        }
        _known.Add((name, bytes, [.. texts]));
    }

    /// <summary>Which of them stand in a text, as what.</summary>
    public IEnumerable<string> In(string text) =>
        from secret in _known
        from written in secret.Texts
        where text.Contains(written, StringComparison.Ordinal)
        select $"{secret.Name} as {written}";

    /// <summary>Which of them stand in bytes, as they are or as text.</summary>
    public IEnumerable<string> In(byte[] bytes) =>
        from secret in _known
        from written in secret.Texts.Select(System.Text.Encoding.ASCII.GetBytes).Append(secret.Bytes)
        where bytes.AsSpan().IndexOf(written) >= 0
        select secret.Name;
}
