using System.Globalization;
using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests.Invitations;

/// <summary>The vectors were written by another implementation, from docs/format.md alone: Vectors/commits.py.</summary>
public class InvitationVectorTests
{
    private static readonly VectorFile File = VectorFile.Read("commits-invitations");

    [Fact]
    public void Good_invitations_say_what_the_vectors_say_and_are_written_so()
    {
        foreach (var good in File.Good)
        {
            var read = Invitation.Parse(good.Text("text"));
            good.Equal((good.Text("url"), good.Text("realm")), (read.StoreUrl, read.Realm));
            good.Equal((good.Text("slot"), good.Text("height")), (read.Slot.ToString(CultureInfo.InvariantCulture), read.Height.ToString(CultureInfo.InvariantCulture)));
            good.Equal(good.TextOrNull("newest"), read.Newest is { } newest
                ? Convert.ToHexStringLower(new WireWriter().Id(newest.Author).U64(newest.Writer).U64((ulong)newest.Number).Raw(newest.Hash.ToArray()).Written)
                : null);
            good.Equal(good.Text("text"), read.ToString());
        }
    }

    [Fact]
    public void Bad_invitations_are_refused()
    {
        Assert.True(File.Bad.Count >= 12);
        foreach (var bad in File.Bad)
            bad.Fails(() => Invitation.Parse(bad.Text("text")));
    }
}
