using System.Text;
using Coffer.Vaults;

namespace Coffer.Fuzzing.Targets;

/// <summary>Identity files, open and locked. None is unlocked: that takes as long as it should.</summary>
internal sealed class IdentityTarget : FuzzTarget
{
    public override string Name => "identities";

    // Nearly each byte of it is a key.
    public override long AllocatedPerByte => 2_000;

    public override long AllocatedAtLeast => 1 << 20;

    public override int Rarity => 4;

    public override IEnumerable<byte[]> Seeds(SeedWorld world)
    {
        yield return Encoding.UTF8.GetBytes(IdentityText.Format(world.Alice));
        yield return Encoding.UTF8.GetBytes(IdentityText.Format(LockedIdentity.Lock(world.Bob, "open sesame", new IdentityLock(10, 8, 1), SystemRandom.Instance)));
    }

    public override bool Read(byte[] input)
    {
        using var identity = IdentityText.Parse(Encoding.Latin1.GetString(input), "this file");
        var written = identity.Opened is { } opened ? IdentityText.Format(opened) : IdentityText.Format(identity.Locked!);
        using var again = IdentityText.Parse(written, "the same");
        return again.Public == identity.Public ? true : throw new FuzzException("written and read again, it is somebody else's");
    }

    public override bool IsDocumented(Exception fault) => fault is IdentityFileException;
}
