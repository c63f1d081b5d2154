using System.Buffers.Binary;
using Coffer.Vaults;
using Coffer.Vaults.Databases;

namespace Coffer.Fuzzing.Targets;

/// <summary>
/// The two files of a device, with bytes in them that a disk has changed, or of a version that is not this one's: what is opened, or is migrated, or makes room for a new index, or is refused. An input is a list of changes: which file, where, how many bytes, the bytes.
/// </summary>
internal sealed class LocalFileTarget : FuzzTarget
{
    private const int UserVersion = 60;
    private const int ChangeHeader = 5;

    private string _folder = "";
    private IReadOnlyList<(string Name, byte[] Bytes)> _files = [];

    public override string Name => "local-files";

    // It is real files that are opened: milliseconds each.
    public override int Rarity => 200;

    public override long AllocatedAtLeast => 8 << 20;

    public override IEnumerable<byte[]> Seeds(SeedWorld world)
    {
        _files = world.LocalFiles;
        _folder = world.NewFolder(Name);
        // As they are, and as software before and after this one left them.
        return [Change(0, 0, []), Change(0, UserVersion, [0, 0, 0, 1]), Change(0, UserVersion, [0, 0, 0, 99]), Change(1, UserVersion, [0, 0, 0, 1]), Change(1, UserVersion, [0, 0, 0, 99]), Change(0, 0, new byte[16]), Change(1, 0, new byte[16])];
    }

    public override bool Read(byte[] input)
    {
        foreach (var file in Directory.GetFiles(_folder))
            File.Delete(file);
        var files = _files.Select(static file => (file.Name, Bytes: file.Bytes.ToArray())).ToList();
        for (var at = 0; at + ChangeHeader <= input.Length;)
        {
            var bytes = files[input[at] % files.Count].Bytes;
            var place = BinaryPrimitives.ReadInt32BigEndian(input.AsSpan(at)) & 0xFFFFFF;
            var length = Math.Min(input[at + ChangeHeader - 1], input.Length - at - ChangeHeader);
            for (var i = 0; i < length; i++)
                bytes[(place + i) % bytes.Length] = input[at + ChangeHeader + i];
            at += ChangeHeader + length;
        }
        foreach (var (name, bytes) in files)
            File.WriteAllBytes(Path.Combine(_folder, name), bytes);
        using var database = LocalDatabase.Open(new LocalPaths(Path.Combine(_folder, "alice.db")));
        return database.Scalar("SELECT COUNT(*) FROM main.blocks") is not null && database.Scalar("SELECT COUNT(*) FROM commits") is not null;
    }

    public override bool IsDocumented(Exception fault) => fault is VaultException;

    private static byte[] Change(byte file, int place, byte[] bytes) => [file, (byte)(place >> 16), (byte)(place >> 8), (byte)place, (byte)bytes.Length, .. bytes];
}
