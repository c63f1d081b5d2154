using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Naming;

namespace Coffer.Vaults.Records;

/// <summary>What a sealed record says to its author and recipient alone (format, section 7).</summary>
internal static class SealedText
{
    /// <summary>The longest text, sealed: more than the longest path and attributes take.</summary>
    public const int MaxSealed = 66 << 10;

    private const byte Put = 1;
    private const byte Delete = 2;

    /// <param name="file">What is sealed; of its body, only length and key go into the text.</param>
    public static byte[] Write(FileRecord file)
    {
        var writer = new WireWriter();
        writer.U8(file is PutRecord ? Put : Delete);
        writer.VarInt(file.Space);
        writer.Text(file.Path);
        if (file is PutRecord put)
        {
            writer.SVarInt(put.Modified);
            writer.Bytes(put.Attributes.Span);
            writer.VarInt(put.Body.Length);
            writer.Raw(put.Body.Key);
        }
        return writer.ToArray();
    }

    /// <summary>Reads a text, and holds it against what its record shows to all.</summary>
    /// <exception cref="WireException">It breaks a rule, or contradicts the record.</exception>
    public static FileRecord Read(ReadOnlySpan<byte> text, SealedRecord record)
    {
        var reader = new WireReader(text);
        var type = reader.U8();
        var space = reader.VarInt();
        if (space == Spaces.Members)
            throw new WireException("members' attributes are never sealed");
        var path = reader.Text(VaultPath.MaxBytes);
        if (VaultPath.Fault(path) is { } fault)
            throw new WireException($"its path is wrong: {fault}");
        FileRecord file = type switch
        {
            Put => ReadPut(ref reader, record, space, path),
            Delete when record.Pieces.Count == 0 && record.ContentEnd == 0 => new DeleteRecord { Space = space, Path = path, Id = record.Id, RecordEnd = record.RecordEnd },
            Delete => throw new WireException("it is a delete, and has a body or a content end"),
            _ => throw new WireException($"it is of type {type}, and there are 1 and 2"),
        };
        reader.End();
        return file;
    }

    private static PutRecord ReadPut(ref WireReader reader, SealedRecord record, long space, string path)
    {
        var modified = reader.SVarInt();
        var attributes = reader.Bytes(RecordCodec.MaxAttributes).ToArray();
        if (reader.VarInt() is var length && length != record.Layout.Length)
            throw new WireException($"it states a length of {length} bytes, and its pieces have {record.Layout.Length}");
        if (record.RecordEnd != 0 && record.ContentEnd == 0)
            throw new WireException("it ends before its content");
        return new PutRecord
        {
            Space = space,
            Path = path,
            Id = record.Id,
            Modified = modified,
            Attributes = attributes,
            ContentEnd = record.ContentEnd,
            RecordEnd = record.RecordEnd,
            Body = length == 0 ? BodyDescriptor.Empty : new BodyDescriptor(reader.Raw(BodyDescriptor.KeySize).ToArray(), record.Layout, record.Pieces),
        };
    }
}
