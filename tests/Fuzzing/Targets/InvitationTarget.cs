using System.Text;
using Coffer.Vaults;
using Coffer.Vaults.Encoding;

namespace Coffer.Fuzzing.Targets;

/// <summary>Invitations: what a person pastes. The check bytes at their end are made to fit, or few would come further.</summary>
internal sealed class InvitationTarget : FuzzTarget
{
    private const string Prefix = "coffer-invite-1:";

    public override string Name => "invitations";

    public override long AllocatedPerByte => 1_000;

    public override IEnumerable<byte[]> Seeds(SeedWorld world) => world.Invitations.Select(static text =>
        PaddedBase64Url.TryParse(text.AsSpan(Prefix.Length), out var bytes) ? bytes[..^4] : throw new FuzzException("an invitation is not what one looks like"));

    public override bool Read(byte[] input)
    {
        var check = new LengthPrefixed("coffer/invite/v1").Add(input).Hash().ToArray()[..4];
        var text = Prefix + PaddedBase64Url.Format([.. input, .. check]);
        var isSame = Same(Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(Invitation.Parse(text).ToString()));
        TryText(input);
        return isSame;
    }

    /// <summary>The same as any text.</summary>
    private static void TryText(byte[] input)
    {
        try
        {
            Invitation.Parse(Prefix + Encoding.Latin1.GetString(input));
        }
        catch (FormatException)
        {
        }
    }

    public override bool IsDocumented(Exception fault) => fault is FormatException;
}
