using Coffer.Vaults;
using Coffer.Vaults.Encoding;

namespace Coffer.Fuzzing.Targets;

/// <summary>Positions in the changes, which programs keep somewhere and bring back.</summary>
internal sealed class PositionTarget : FuzzTarget
{
    public override string Name => "positions";

    public override long AllocatedPerByte => 200;

    public override IEnumerable<byte[]> Seeds(SeedWorld world) => world.Positions.Select(static text =>
        PaddedBase64Url.TryParse(text, out var bytes) ? bytes : throw new FuzzException("a position is not what one looks like"));

    public override bool Read(byte[] input) => ChangePosition.Parse(PaddedBase64Url.Format(input)).ToString().Length > 0;

    public override bool IsDocumented(Exception fault) => fault is FormatException;
}
