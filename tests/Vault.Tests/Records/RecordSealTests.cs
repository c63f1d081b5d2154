using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Commits;
using Coffer.Vaults.Tests.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Records;

/// <summary>What is sealed opens for its author and its recipient, in the place that it was sealed for, and for nobody and nowhere else.</summary>
public class RecordSealTests
{
    private static readonly PutRecord File = CommitParts.Put("to Carol", 7, 0) with { Attributes = new byte[] { 1, 2 }, Modified = -5, ContentEnd = 10, RecordEnd = 20 };

    private static readonly SealedRecord Sealed = CommitParts.Sealed(File);

    private static SealedRecord Open(SealedRecord record, PrivateId me, PublicId? author = null, Digest? vault = null) =>
        RecordSeal.Open(vault ?? CommitParts.Vault, author ?? People.Bob.Public, record, me);

    private static void OpensForNobody(SealedRecord record, PublicId? author = null, Digest? vault = null)
    {
        foreach (var person in (PrivateId[])[People.Alice, People.Bob, People.Carol])
        {
            var opened = Open(record, person, author, vault);
            Assert.Null(opened.Opened);
            Assert.Equal(person.Public == record.Recipient || person.Public == (author ?? People.Bob.Public), opened.Fault is not null);
        }
    }

    [Fact]
    public void Author_and_recipient_read_the_same_and_nobody_else_anything()
    {
        foreach (var person in (PrivateId[])[People.Bob, People.Carol])
        {
            var opened = Assert.IsType<PutRecord>(Open(Sealed, person).Opened);
            Assert.Equal(File with { Attributes = opened.Attributes, Body = opened.Body }, opened);
            Assert.Equal([1, 2], opened.Attributes.ToArray());
        }
        Assert.Same(Sealed, Open(Sealed, People.Alice));
        Assert.Null(Sealed.AsFile());
    }

    [Fact]
    public void What_was_moved_to_another_place_does_not_open()
    {
        OpensForNobody(Sealed with { Id = 8 });
        OpensForNobody(Sealed with { Recipient = People.Alice.Public });
        OpensForNobody(Sealed, author: People.Alice.Public);
        OpensForNobody(Sealed, vault: Digest.Of("another vault"u8));
        var other = CommitParts.Sealed(File with { Id = 9 });
        OpensForNobody(Sealed with { Parts = Sealed.Parts with { RecipientWrap = other.Parts.RecipientWrap, AuthorWrap = other.Parts.AuthorWrap } });
        OpensForNobody(Sealed with { Parts = Sealed.Parts with { RecipientWrap = Sealed.Parts.AuthorWrap, AuthorWrap = Sealed.Parts.RecipientWrap } });
        OpensForNobody(Sealed with { Parts = Sealed.Parts with { Text = other.Parts.Text } });
    }

    [Fact]
    public void A_changed_byte_of_text_or_wrap_is_noticed()
    {
        for (var at = 0; at < Sealed.Parts.Text.Length; at++)
            OpensForNobody(Sealed with { Parts = Sealed.Parts with { Text = Changed(Sealed.Parts.Text, at) } });
        var wrap = Changed(Sealed.Parts.RecipientWrap, 40);
        Assert.Null(Open(Sealed with { Parts = Sealed.Parts with { RecipientWrap = wrap } }, People.Carol).Opened);
        Assert.NotNull(Open(Sealed with { Parts = Sealed.Parts with { RecipientWrap = wrap } }, People.Bob).Opened);
    }

    [Fact]
    public void Records_can_be_shown_to_who_looks_for_a_mistake()
    {
        Assert.Contains("to Carol", File.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("to Carol", Sealed.ToString(), StringComparison.Ordinal);
        Assert.Contains("to Carol", Open(Sealed, People.Carol).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_seal_has_keys_of_its_own()
    {
        var random = new CountedRandom(1);
        var texts = Enumerable.Range(0, 10).Select(_ => Convert.ToHexString(RecordSeal.Seal(CommitParts.Vault, People.Bob.Public, People.Carol.Public, File, random).Text));
        Assert.Equal(10, texts.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Random_texts_are_refused_or_written_as_they_were_read()
    {
        var random = new Random(4);
        var good = SealedText.Write(File);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.ToList();
            for (var changes = 1 + random.Next(2); changes > 0; changes--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.Insert(at, (byte)random.Next(256));
                        break;
                    default:
                        bytes.RemoveAt(at);
                        break;
                }
            }
            try
            {
                Assert.Equal(bytes, SealedText.Write(SealedText.Read(bytes.ToArray(), Sealed)));
                read++;
            }
            catch (WireException)
            {
                // Refused.
            }
        }
        Assert.True(read > 1_000, $"{read} were read");
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        var changed = bytes.ToArray();
        changed[at] ^= 1;
        return changed;
    }
}
