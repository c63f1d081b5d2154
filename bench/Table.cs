namespace Coffer.Bench;

/// <summary>A table on standard output; the first column is text, the others are numbers.</summary>
internal sealed class Table(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] row) => _rows.Add(row);

    public void Print()
    {
        var widths = columns.Select((column, index) => _rows.Append(columns).Max(row => row[index].Length)).ToArray();
        foreach (var row in _rows.Prepend(columns))
            Console.WriteLine(string.Join("  ", row.Select((cell, index) => index == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[index]))));
        Console.WriteLine();
    }
}
