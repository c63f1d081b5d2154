using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>Reads and writes blocks of version 1 (docs/format.md, section 4). Every block has one form: what is read and written again is the same bytes.</summary>
internal static class BlockCodec
{
    /// <summary>The bytes of a block, signed by its author.</summary>
    /// <exception cref="ArgumentException">The author is another identity than <paramref name="author"/>, or the block would be too large.</exception>
    public static byte[] Sign(Block block, PrivateId author)
    {
        if (block.Author != author.Public)
            throw new ArgumentException("A block is signed by its author and nobody else.", nameof(author));
        var unsigned = Write(block, new byte[BlockHeader.AfterSignature - BlockHeader.SignatureAt]);
        author.Sign(BlockHeader.SignedBytes(Block.Version, unsigned)).CopyTo(unsigned, BlockHeader.SignatureAt);
        return unsigned;
    }

    /// <summary>The bytes of a block with a signature that was made before.</summary>
    /// <exception cref="ArgumentException">The block would be larger than <see cref="Block.MaxSize"/>, or has too many changes.</exception>
    public static byte[] Write(Block block, ReadOnlySpan<byte> signature)
    {
        if (block.Changes.Count is < 1 or > Block.MaxChanges)
            throw new ArgumentException($"A block has 1 to {Block.MaxChanges} changes, not {block.Changes.Count}.", nameof(block));
        var writer = new WireWriter()
            .Raw(BlockHeader.Magic)
            .U16(Block.Version)
            .Id(block.Author)
            .Raw(signature)
            .Hash(block.Vault)
            .U64((ulong)block.Slot)
            .U64((ulong)block.Height)
            .Hash(block.Previous)
            .VarInt(block.Time)
            .Flag(block.Newest is not null);
        if (block.Newest is { } newest)
            writer.U64(newest.Writer).U64((ulong)newest.Number).Hash(newest.Hash);
        writer.VarInt(block.Changes.Count);
        foreach (var change in block.Changes)
            writer.VarInt(change.Kind).Bytes(ChangeCodec.Write(change));
        return writer.Length <= Block.MaxSize
            ? writer.ToArray()
            : throw new ArgumentException($"The block would have {writer.Length} bytes; at most {Block.MaxSize} are allowed.", nameof(block));
    }

    /// <summary>
    /// Reads a block of version 1. When it holds a change or a setting that this software does not know, <paramref name="unknown"/> names it, the changes
    /// that are not known are left out, and nothing else that is in the changes counts as a fault: who knows it may see that otherwise.
    /// </summary>
    /// <exception cref="WireException">The bytes are no block of version 1 as the format has it.</exception>
    public static Block Parse(ReadOnlySpan<byte> bytes, out string? unknown)
    {
        if (bytes.Length > Block.MaxSize)
            throw new WireException($"it has {bytes.Length} bytes; a block has at most {Block.MaxSize}");
        if (!BlockHeader.TryRead(bytes, out var header))
            throw new WireException("it does not begin as a block does");
        if (header.Version != Block.Version)
            throw new WireException($"it has the version {header.Version}, not {Block.Version}");
        if (!PublicId.TryFromBytes(header.Author, out var author))
            throw new WireException("its author is no public id");
        var reader = new WireReader(bytes);
        reader.Raw(BlockHeader.Size);
        var time = reader.VarInt();
        var newest = reader.Flag() ? new StoredCommit(reader.U64(), reader.CommitNumber(), reader.Hash()) : null;
        var changes = ReadChanges(ref reader, out unknown);
        return new Block(
            author, header.Vault, WireFields.Counter(header.Slot, "slot"), WireFields.Counter(header.Height, "height"), header.Previous, time, newest, changes);
    }

    private static List<LedgerChange> ReadChanges(ref WireReader reader, out string? unknown)
    {
        unknown = null;
        WireException? fault = null;
        var count = reader.Count(leastBytesPerItem: 2, Block.MaxChanges);
        if (count == 0)
            throw new WireException("it has no change");
        var changes = new List<LedgerChange>(count);
        var lastKind = 0L;
        for (var i = 0; i < count; i++)
        {
            var kind = reader.VarInt();
            var content = reader.Bytes(Block.MaxSize);
            if (kind < lastKind)
                throw new WireException($"its changes are not ascending by kind: {kind} stands after {lastKind}");
            lastKind = kind;
            try
            {
                if (ChangeCodec.Read(kind, content, ref unknown) is { } change)
                    changes.Add(change);
            }
            catch (WireException e)
            {
                fault ??= new WireException($"in change {i + 1}, {e.Message}", e);
            }
        }
        reader.End();
        fault ??= OrderFault(changes);
        return fault is null || unknown is not null ? changes : throw fault;
    }

    private static WireException? OrderFault(List<LedgerChange> changes)
    {
        for (var i = 1; i < changes.Count; i++)
        {
            var inOrder = (changes[i - 1], changes[i]) switch
            {
                (LevelChange first, LevelChange second) => first.Member.CompareTo(second.Member) < 0,
                (SettleChange first, SettleChange second) => (first.Author.CompareTo(second.Author), first.Writer.CompareTo(second.Writer)) is ( < 0, _) or (0, < 0),
                var (first, second) => first.Kind < second.Kind,
            };
            if (!inOrder)
                return new WireException($"change {i + 1} stands twice or in the wrong place");
        }
        return null;
    }
}
