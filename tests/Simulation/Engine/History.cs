using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Coffer.Simulation;

/// <summary>
/// All that happened, line by line: each request to the store with its answer, each call of a vault with its result. Two runs of one seed have equal
/// histories, or something in them is not determined.
/// </summary>
internal sealed class History
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _start;
    private readonly string _root;
    private readonly List<string> _lines = [];

    /// <param name="time">The world's clock.</param>
    /// <param name="root">The folder of this run, which is another one in each process: it is shown as '~'.</param>
    public History(TimeProvider time, string root)
    {
        _time = time;
        _start = time.GetUtcNow();
        _root = root;
    }

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds a line.</summary>
    /// <param name="who">The device, or the part of the world.</param>
    /// <param name="what">In one line; line breaks are shown as blanks.</param>
    public void Add(string who, string what)
    {
        var seconds = (_time.GetUtcNow() - _start).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
        var line = $"{seconds,12} {who,-10} {what}".Replace(_root, "~", StringComparison.Ordinal).Replace('\r', ' ').Replace('\n', ' ');
        _lines.Add(line);
    }

    /// <summary>The SHA-256 of all lines so far.</summary>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in _lines)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            hash.AppendData("\n"u8);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
