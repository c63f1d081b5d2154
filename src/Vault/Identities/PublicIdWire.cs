using Coffer.Vaults.Encoding;

namespace Coffer.Vaults;

/// <summary>The <c>id</c> field of the format.</summary>
internal static class PublicIdWire
{
    /// <summary>The 65 bytes of an id.</summary>
    public static WireWriter Id(this WireWriter writer, PublicId id) => writer.Raw(id.Bytes);

    /// <summary>Reads and validates an id.</summary>
    /// <exception cref="WireException">The bytes are no public id.</exception>
    public static PublicId Id(this ref WireReader reader)
    {
        var start = reader.Position;
        try
        {
            return PublicId.FromBytes(reader.Raw(PublicId.Size));
        }
        catch (FormatException e)
        {
            throw new WireException($"at byte {start}: {e.Message}", e);
        }
    }
}
