namespace Coffer.Vaults;

/// <summary>
/// The content of a file is not what its author stored. Nothing of the damaged part was given out. Trying again can help only when the store
/// serves another copy.
/// </summary>
public sealed class BodyDamagedException : VaultException
{
    internal BodyDamagedException(BodyDamage damage, int piece, int? chunk, string where, Exception? inner = null)
        : base(MessageFor(damage, piece, chunk, where), inner)
    {
        Damage = damage;
        Piece = piece;
        Chunk = chunk;
        Object = where;
    }

    /// <summary>What is wrong.</summary>
    public BodyDamage Damage { get; }

    /// <summary>The damaged piece of the body, from 0; a piece has 16 MiB.</summary>
    public int Piece { get; }

    /// <summary>The damaged chunk of that piece, from 0; null when the piece as a whole is wrong.</summary>
    public int? Chunk { get; }

    /// <summary>The object that holds the piece, below the realm.</summary>
    public string Object { get; }

    /// <summary>The file that it is the content of; null while that is not known.</summary>
    public string? Path { get; internal set; }

    /// <inheritdoc/>
    public override string Message => $"The content of {(Path is null ? "a file" : $"'{Path}'")} cannot be read: {base.Message}";

    private static string MessageFor(BodyDamage damage, int piece, int? chunk, string where)
    {
        var part = chunk is { } number ? $"chunk {number} of piece {piece}" : $"piece {piece}";
        var fault = damage switch
        {
            BodyDamage.Truncated => "is cut short on the store",
            BodyDamage.Seal => "is as it was stored, but does not open under the file's key: it was written wrongly or forged by a member",
            _ => "is not what its author stored",
        };
        return $"{part}, in {where}, {fault}. None of it was given out, and other files are not affected; restore that object from a copy of the store.";
    }
}
