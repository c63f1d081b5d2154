using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Tests.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Invitations;

public class InvitationTests
{
    private static readonly CommitLink Newest = new(People.Bob.Public, ulong.MaxValue, long.MaxValue, Digest.Of("commit"u8));

    private static Invitation Make(CommitLink? newest = null, string url = "s3://bucket/pr\u00e4fix", string realm = "users", long slot = 7, long height = 5) =>
        new(url, realm, People.Alice.Public, Digest.Of("vault"u8), slot, height, Digest.Of("head"u8), newest);

    private static byte[] Bytes(Invitation invitation) => PaddedBase64Url.TryParse(invitation.ToString().AsSpan("coffer-invite-1:".Length), out var bytes) ? bytes[..^4] : [];

    private static string Text(params byte[] bytes) =>
        "coffer-invite-1:" + PaddedBase64Url.Format([.. bytes, .. new LengthPrefixed("coffer/invite/v1").Add(bytes).Hash().ToArray()[..4]]);

    private static void Refuses(string text, string why = "") => Assert.Contains(why, Assert.Throws<FormatException>(() => Invitation.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_invitation_is_read_as_it_was_written(bool withCommit)
    {
        var made = Make(withCommit ? Newest : null);
        var read = Invitation.Parse("  " + made + "\r\n");
        Assert.Equal(made.ToString(), read.ToString());
        Assert.Equal((made.StoreUrl, made.Realm, made.Creator, made.Vault, made.Slot, made.Height, made.Head), (read.StoreUrl, read.Realm, read.Creator, read.Vault, read.Slot, read.Height, read.Head));
        Assert.Equal(made.Newest, read.Newest);
        Assert.Equal(Text(Bytes(made)), made.ToString());
    }

    [Fact]
    public void One_that_was_cut_off_or_mistyped_is_refused()
    {
        var text = Make(Newest).ToString();
        for (var length = 0; length < text.Length; length++)
            Refuses(text[..length]);
        for (var at = 0; at < text.Length; at++)
            Refuses(text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..]);
        Refuses("", "coffer-invite-1:");
        Refuses("coffer-invite-2:" + text[16..], "coffer-invite-1:");
        Refuses("coffer-invite-1:", "not complete");
    }

    [Fact]
    public void What_breaks_the_format_is_refused_in_words_for_a_person()
    {
        var good = Bytes(Make());
        Assert.Equal(7, Invitation.Parse(Text(good)).Slot);
        Refuses(Text([.. good, 0]), "version");
        Refuses(Text(good[..^1]), "version");
        Refuses(Text([.. good[..^1], 2]), "version");
        Refuses(Text(), "version");
        Refuses(Make(slot: 4).ToString(), "height 5");
        Refuses(Make(height: 0).ToString(), "height 0");
        Refuses(Make(newest: Newest with { Number = 0 }).ToString(), "number");
        Refuses(Make(newest: Newest with { Number = -1 }).ToString(), "number");
        Refuses(Make(realm: "Users").ToString(), "realm");
        Refuses(Make(url: new string('u', 4_097)).ToString(), "4096");
        Assert.Equal(4_096, Invitation.Parse(Make(url: new string('u', 4_096)).ToString()).StoreUrl.Length);
    }

    [Fact]
    public void Random_texts_are_refused_and_nothing_worse()
    {
        var random = new Random(3);
        var good = Bytes(Make(Newest));
        for (var i = 0; i < 3_000; i++)
        {
            var bytes = good.ToArray();
            for (var changes = 1 + random.Next(3); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                Assert.Equal(Text(bytes), Invitation.Parse(Text(bytes)).ToString());
            }
            catch (FormatException)
            {
                // Refused, as most are.
            }
        }
    }
}
