using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Coffer.Simulation;

/// <summary>A block of the ledger on the store, as docs/format.md, section 4, lays it out: read by no code of the vault's.</summary>
internal sealed class StoredBlock
{
    private const int Identity = 65;

    private readonly List<LevelStep> _levels = [];

    private StoredBlock(byte[] bytes)
    {
        Hash = SHA256.HashData(bytes);
        Author = Convert.ToHexStringLower(bytes.AsSpan(10, Identity));
        Slot = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(171));
        Height = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(179));
        Previous = bytes[187..219];
    }

    public byte[] Hash { get; }

    /// <summary>The public id of who signed it, in hexadecimal.</summary>
    public string Author { get; }

    public ulong Slot { get; }

    public ulong Height { get; }

    /// <summary>The hash of the block before it.</summary>
    public byte[] Previous { get; }

    /// <summary>Whether it makes the vault.</summary>
    public bool IsGenesis { get; private set; }

    /// <summary>Whether it changes the configuration.</summary>
    public bool Configures { get; private set; }

    /// <summary>The key epoch that it starts; null when it starts none.</summary>
    public ulong? Epoch { get; private set; }

    /// <summary>The changes of access.</summary>
    public IReadOnlyList<LevelStep> Levels => _levels;

    public static StoredBlock Of(byte[] bytes)
    {
        var block = new StoredBlock(bytes);
        var at = 219;
        Wire.VarInt(bytes, ref at);
        at += bytes[at] == 1 ? 1 + 8 + 8 + SHA256.HashSizeInBytes : 1;
        for (var count = Wire.VarInt(bytes, ref at); count > 0; count--)
        {
            var kind = Wire.VarInt(bytes, ref at);
            var length = (int)Wire.VarInt(bytes, ref at);
            block.Take(kind, bytes.AsSpan(at, length));
            at += length;
        }
        return block;
    }

    private void Take(ulong kind, ReadOnlySpan<byte> change)
    {
        var at = 0;
        switch (kind)
        {
            case 1:
                IsGenesis = true;
                break;
            case 2:
                Configures = true;
                break;
            case 3:
                var member = Convert.ToHexStringLower(change[..Identity]);
                var (from, to) = (change[Identity], change[Identity + 1]);
                at = Identity + 2;
                _levels.Add(new LevelStep(member, from, to, Wire.VarInt(change, ref at)));
                break;
            case 4:
                Epoch = Wire.VarInt(change, ref at);
                break;
        }
    }

    /// <summary>A change of somebody's access.</summary>
    /// <param name="Member">The public id, in hexadecimal.</param>
    /// <param name="From">The level that it had, as the block states.</param>
    /// <param name="To">The level that it has from then on.</param>
    /// <param name="SetAt">The height of the block that set the level before, as the block states; 0 for none.</param>
    public sealed record LevelStep(string Member, byte From, byte To, ulong SetAt);
}
