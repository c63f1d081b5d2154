using Coffer.Vaults.Encoding;

namespace Coffer.Vaults;

/// <summary>The <c>id</c> field of the format.</summary>
internal static class PublicIdWire
{
    /// <summary>The 65 bytes of an id.</summary>
    public static WireWriter Id(this WireWriter writer, PublicId id) => writer.Raw(id.Bytes);

    /// <summary>Reads an id and validates it, unless it is known already.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="known">Ids that were validated before. To validate one takes as long as to check a signature.</param>
    /// <exception cref="WireException">The bytes are no public id.</exception>
    public static PublicId Id(this ref WireReader reader, PublicIdCache? known = null)
    {
        var start = reader.Position;
        try
        {
            var bytes = reader.Raw(PublicId.Size);
            return known is null ? PublicId.FromBytes(bytes) : known.Get(bytes);
        }
        catch (FormatException e)
        {
            throw new WireException($"at byte {start}: {e.Message}", e);
        }
    }
}
