using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests;

public class WireTests
{
    private const int Kinds = 10;

    [Fact]
    public void What_is_written_is_read_back_and_nothing_follows()
    {
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var seed = random.Next();
            var bytes = WriteFields(new Random(seed));
            ReadFields(bytes, new Random(seed));
        }
    }

    [Fact]
    public void Bytes_that_are_cut_off_anywhere_are_refused()
    {
        var random = new Random(2);
        for (var round = 0; round < 200; round++)
        {
            var seed = random.Next();
            var bytes = WriteFields(new Random(seed));
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<WireException>(() => ReadFields(bytes.AsSpan(0, length), new Random(seed)));
            Assert.Throws<WireException>(() => ReadFields([.. bytes, 0], new Random(seed)));
        }
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_with_one_kind_of_exception_and_what_is_read_is_written_the_same()
    {
        var random = new Random(3);
        var read = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var bytes = new byte[random.Next(24)];
            random.NextBytes(bytes);
            if (random.Next(2) == 0)
            {
                for (var i = 0; i < bytes.Length; i++)
                    bytes[i] &= 0x83;
            }
            try
            {
                Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(ReadAndWriteAnything(bytes, new Random(round))));
                read++;
            }
            catch (WireException)
            {
                // Refused, as most random bytes are.
            }
        }
        Assert.InRange(read, 1000, 29_000);
    }

    [Fact]
    public void Of_all_forms_of_a_number_in_up_to_three_bytes_only_the_shortest_is_read()
    {
        var seen = new HashSet<long>();
        for (var length = 1; length <= 3; length++)
        {
            var bytes = new byte[length];
            for (var content = 0; content < 1 << (8 * length); content += length == 3 ? 251 : 1)
            {
                for (var i = 0; i < length; i++)
                    bytes[i] = (byte)(content >> (8 * i));
                if (!TryReadNumber(bytes, out var number))
                    continue;
                Assert.True(seen.Add(number), $"{number} has two forms");
                Assert.Equal(bytes, new WireWriter().VarInt(number).ToArray());
            }
        }
        Assert.Subset(seen, Enumerable.Range(0, 1 << 14).Select(n => (long)n).ToHashSet());
    }

    [Fact]
    public void A_padded_number_is_refused_whatever_its_value()
    {
        for (var shift = 0; shift < 56; shift++)
        {
            var shortest = new WireWriter().VarInt(1L << shift).ToArray();
            for (var extra = 1; shortest.Length + extra <= 10; extra++)
            {
                byte[] padded = [.. shortest, .. new byte[extra]];
                for (var i = shortest.Length - 1; i < padded.Length - 1; i++)
                    padded[i] |= 0x80;
                Assert.False(TryReadNumber(padded, out _));
            }
        }
    }

    [Fact]
    public void A_byte_of_an_option_is_0_or_1_and_nothing_else()
    {
        Assert.False(Option(0));
        Assert.True(Option(1));
        for (var value = 2; value < 256; value++)
            Assert.Throws<WireException>(() => Option((byte)value));

        static bool Option(byte value) => new WireReader([value]).Flag();
    }

    [Fact]
    public void A_count_or_length_that_the_bytes_cannot_hold_is_refused_before_anything_is_allocated()
    {
        var million = new WireWriter().VarInt(1_000_000).ToArray();
        var largest = new WireWriter().VarInt(long.MaxValue).ToArray();
        foreach (var bytes in new[] { million, largest })
        {
            Assert.Throws<WireException>(() => new WireReader(bytes).Count(1, int.MaxValue));
            Assert.Throws<WireException>(() => new WireReader(bytes).Bytes(int.MaxValue));
            Assert.Throws<WireException>(() => new WireReader(bytes).Text(int.MaxValue));
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WireException>(() => new WireReader(million).Text(int.MaxValue));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_count_is_held_against_its_limit_and_against_the_room_that_is_left()
    {
        byte[] three = [3, 0, 0, 0, 0, 0, 0];
        Assert.Equal(3, new WireReader(three).Count(2, 3));
        Assert.Throws<WireException>(() => new WireReader(three).Count(2, 2));
        Assert.Throws<WireException>(() => new WireReader(three).Count(3, 3));
    }

    [Fact]
    public void A_field_longer_than_its_limit_is_refused()
    {
        byte[] field = [2, 65, 66];
        Assert.Equal("AB", new WireReader(field).Text(2));
        Assert.Throws<WireException>(() => new WireReader(field).Text(1));
        Assert.Throws<WireException>(() => new WireReader(field).Bytes(1));
    }

    [Fact]
    public void A_writer_refuses_what_has_no_form()
    {
        var writer = new WireWriter();
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.VarInt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.SVarInt(1L << 62));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.SVarInt(-(1L << 62) - 1));
        Assert.ThrowsAny<ArgumentException>(() => writer.Text("\ud800"));
        Assert.ThrowsAny<ArgumentException>(() => new LengthPrefixed("coffer/x/v1").Add("\udc00"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LengthPrefixed("coffer/x/v1").Add(-1L));
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void Two_lists_of_fields_never_give_the_same_bytes()
    {
        var one = new LengthPrefixed("coffer/x/v1").Add("ab").Add("c");
        Assert.NotEqual(one.Hash(), new LengthPrefixed("coffer/x/v1").Add("a").Add("bc").Hash());
        Assert.NotEqual(one.Hash(), new LengthPrefixed("coffer/x/v1").Add("abc").Hash());
        Assert.NotEqual(one.Hash(), new LengthPrefixed("coffer/x/v1").Add("ab").Add("c").Add([]).Hash());
        Assert.Equal(one.Hash(), Digest.Of(one.ToArray()));
    }

    private static bool TryReadNumber(byte[] bytes, out long number)
    {
        try
        {
            var reader = new WireReader(bytes);
            number = reader.VarInt();
            reader.End();
            return true;
        }
        catch (WireException)
        {
            number = -1;
            return false;
        }
    }

    private static byte[] WriteFields(Random random)
    {
        var writer = new WireWriter(0);
        for (var field = random.Next(1, 8); field > 0; field--)
            WriteOne(writer, random);
        return writer.ToArray();
    }

    private static void WriteOne(WireWriter writer, Random random)
    {
        switch (random.Next(Kinds))
        {
            case 0: writer.U8((byte)random.Next(256)); break;
            case 1: writer.U16((ushort)random.Next(65536)); break;
            case 2: writer.U32((uint)random.NextInt64(1L << 32)); break;
            case 3: writer.U64((ulong)random.NextInt64() << 1); break;
            case 4: writer.VarInt(Number(random)); break;
            case 5: writer.SVarInt(Signed(random)); break;
            case 6: writer.Raw(Bytes(random)); break;
            case 7: writer.Bytes(Bytes(random)); break;
            case 8: writer.Text(Text(random)); break;
            default: writer.Flag(random.Next(2) == 1); break;
        }
    }

    /// <summary>Reads what a writer with an equal source wrote, and asserts that it is the same.</summary>
    private static void ReadFields(ReadOnlySpan<byte> bytes, Random random)
    {
        var reader = new WireReader(bytes);
        for (var field = random.Next(1, 8); field > 0; field--)
        {
            switch (random.Next(Kinds))
            {
                case 0: Assert.Equal((byte)random.Next(256), reader.U8()); break;
                case 1: Assert.Equal((ushort)random.Next(65536), reader.U16()); break;
                case 2: Assert.Equal((uint)random.NextInt64(1L << 32), reader.U32()); break;
                case 3: Assert.Equal((ulong)random.NextInt64() << 1, reader.U64()); break;
                case 4: Assert.Equal(Number(random), reader.VarInt()); break;
                case 5: Assert.Equal(Signed(random), reader.SVarInt()); break;
                case 6: AssertRaw(ref reader, Bytes(random)); break;
                case 7: Assert.Equal(Bytes(random), reader.Bytes(100).ToArray()); break;
                case 8: Assert.Equal(Text(random), reader.Text(100)); break;
                default: Assert.Equal(random.Next(2) == 1, reader.Flag()); break;
            }
        }
        reader.End();
    }

    private static void AssertRaw(ref WireReader reader, byte[] expected) => Assert.Equal(expected, reader.Raw(expected.Length).ToArray());

    /// <summary>Reads fields of random kinds until the bytes end, and writes each again.</summary>
    private static byte[] ReadAndWriteAnything(byte[] bytes, Random kinds)
    {
        var reader = new WireReader(bytes);
        var writer = new WireWriter();
        while (reader.Remaining > 0)
        {
            switch (kinds.Next(Kinds))
            {
                case 0: writer.U8(reader.U8()); break;
                case 1: writer.U16(reader.U16()); break;
                case 2: writer.U32(reader.U32()); break;
                case 3: writer.U64(reader.U64()); break;
                case 4: writer.VarInt(reader.VarInt()); break;
                case 5: writer.SVarInt(reader.SVarInt()); break;
                case 6: writer.Raw(reader.Raw(kinds.Next(4))); break;
                case 7: writer.Bytes(reader.Bytes(8)); break;
                case 8: writer.Text(reader.Text(8)); break;
                default: writer.Flag(reader.Flag()); break;
            }
        }
        reader.End();
        return writer.ToArray();
    }

    private static long Number(Random random) => random.NextInt64(long.MaxValue) >> random.Next(63);

    private static long Signed(Random random) => random.NextInt64(-(1L << 62), 1L << 62) >> random.Next(62);

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => new string[] { "a", "\u00e9", "\u20ac", "\U0001F512", "\0" }[random.Next(5)]));
}
