using System.Globalization;
using System.Text;

namespace Coffer.Cli.Output;

/// <summary>Rows of text in columns that line up, two spaces apart, with nothing around them: good to read, and good for <c>awk</c>.</summary>
internal sealed class Columns(params bool[] rightAligned)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row. Names in it are made visible by the caller.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    public void WriteTo(TextWriter output)
    {
        if (_rows.Count == 0)
            return;
        var widths = new int[_rows.Max(row => row.Length)];
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++)
                widths[i] = Math.Max(widths[i], Width(row[i]));
        }
        foreach (var row in _rows)
            output.WriteLine(Line(row, widths));
    }

    private string Line(string[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
        {
            var padding = new string(' ', widths[i] - Width(row[i]));
            var isRight = i < rightAligned.Length && rightAligned[i];
            line.Append(i > 0 ? "  " : "").Append(isRight ? padding : "").Append(row[i]).Append(isRight ? "" : padding);
        }
        return line.ToString().TrimEnd();
    }

    /// <summary>What a person sees as one character counts as one, whatever it is made of.</summary>
    private static int Width(string text) => new StringInfo(text).LengthInTextElements;
}
