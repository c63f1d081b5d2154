using System.Security.Cryptography;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Packs;

/// <summary>One commit of a pack.</summary>
internal sealed class PackEntry
{
    // Found once: it is asked for when an entry is looked up, and again when it is kept.
    private Digest? _hash;

    private PackEntry(PackForm form, CommitHeader header, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail)
    {
        Form = form;
        Header = header;
        Head = head;
        Tail = tail;
    }

    /// <summary>What of the commit is there.</summary>
    public PackForm Form { get; }

    public CommitHeader Header { get; }

    /// <summary>The header and the sealed head, or for a stub the header and the hash of the sealed head.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>The tail; empty where there is none, and where only the heads of a pack were read.</summary>
    public ReadOnlyMemory<byte> Tail { get; }

    /// <summary>Where the tail begins in the pack; 0 for an entry that is not in one yet.</summary>
    public long TailOffset { get; init; }

    public CommitName Name => new(Header.Writer, Header.Number);

    /// <summary>The hash of the commit, which a stub has too.</summary>
    public Digest Hash => _hash ??= Form == PackForm.Stub ? Digest.Of(Head.Span) : CommitSeal.HashOf(Head.Span[..CommitHeader.Size], Head.Span[CommitHeader.Size..]);

    /// <summary>A whole commit.</summary>
    /// <param name="header">Its parsed header.</param>
    /// <param name="head">Header and sealed head.</param>
    /// <param name="tail">Its tail, or nothing when no body in it lives.</param>
    public static PackEntry Whole(CommitHeader header, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail) =>
        new(tail.IsEmpty ? PackForm.WithoutTail : PackForm.WithTail, header, head, tail);

    /// <summary>The stub of a whole commit.</summary>
    public static PackEntry Stub(PackEntry whole)
    {
        var head = new byte[CommitHeader.Size + Digest.Size];
        whole.Head.Span[..CommitHeader.Size].CopyTo(head);
        SHA256.HashData(whole.Head.Span[CommitHeader.Size..], head.AsSpan(CommitHeader.Size));
        return new(PackForm.Stub, whole.Header, head, default);
    }

    /// <summary>An entry as it stands in a pack of which the heads were read, and perhaps the tails.</summary>
    public static PackEntry Read(PackForm form, CommitHeader header, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, long tailOffset) =>
        new(form, header, head, tail) { TailOffset = tailOffset };
}

/// <summary>What of a commit is in a pack. The numbers are those of the format and of the index.</summary>
internal enum PackForm
{
    /// <summary>The head; there is no tail, or no body in it lives.</summary>
    WithoutTail = 0,

    /// <summary>Head and tail.</summary>
    WithTail = 1,

    /// <summary>The header and the hash of the head: everything in it has ended.</summary>
    Stub = 2,
}
