using System.Globalization;
using Coffer.Testing;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>One thing that a victim asked of the vault: new versions of all files of a unit, or a delete of them. What the files hold follows from it.</summary>
/// <param name="Number">Its number, which no other has.</param>
/// <param name="Unit">The files that are always written together: the path of the only one, or, with a trailing <c>/</c>, the folder of several.</param>
/// <param name="Sizes">The sizes of the files; none for a delete.</param>
internal sealed record Operation(int Number, string Unit, IReadOnlyList<int> Sizes)
{
    /// <summary>How many files the units have that are folders.</summary>
    public const int FilesOfFolder = 12;

    /// <summary>Whether it is acknowledged when it is accepted: it arrives later, also after the end of its process.</summary>
    public bool IsQueued { get; init; }

    /// <summary>What the bytes follow from: those of a local file, which is put more than once, are not its own.</summary>
    public ulong Seed { get; init; } = (ulong)Number;

    public bool IsDelete => Sizes.Count == 0;

    /// <summary>The paths of a unit.</summary>
    public static IReadOnlyList<string> PathsOf(string unit) =>
        unit.EndsWith('/') ? [.. Enumerable.Range(0, FilesOfFolder).Select(i => string.Create(CultureInfo.InvariantCulture, $"{unit}{i}"))] : [unit];

    /// <summary>The file's attributes: they tell which operation a version is of.</summary>
    public ReadOnlyMemory<byte> Attributes => BitConverter.GetBytes(Number);

    public static int NumberOf(FileVersion version) => BitConverter.ToInt32(version.Attributes.Span);

    /// <summary>The content of one of its files.</summary>
    public byte[] Content(int file) => Pattern.Bytes(unchecked((Seed << 8) + (ulong)file), Sizes[file]);

    public IReadOnlyList<FileWrite> Writes() =>
        [.. PathsOf(Unit).Select((path, i) => new FileWrite(path, FileContent.FromBytes(Content(i)), Options))];

    /// <summary>How it is written.</summary>
    public WriteOptions Options => new() { Attributes = Attributes, Mode = IsQueued ? WriteMode.Async : WriteMode.Sync };

    /// <summary>As a victim prints it before it begins.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Unit} {string.Join(',', Sizes)} {IsQueued} {Seed}");

    public static Operation Parse(string text)
    {
        var parts = text.Split(' ');
        return new Operation(Number(parts[0]), parts[1], [.. parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)])
        {
            IsQueued = bool.Parse(parts[3]),
            Seed = ulong.Parse(parts[4], CultureInfo.InvariantCulture),
        };

        static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }
}
