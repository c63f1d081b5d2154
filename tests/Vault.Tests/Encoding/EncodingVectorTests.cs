using System.Globalization;
using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests;

public class EncodingVectorTests
{
    private delegate T Read<T>(ref WireReader reader);

    [Fact]
    public void Unsigned_numbers_are_written_and_read_as_the_vectors_say() =>
        Check("varint", v => v.Long("value"), (w, n) => w.VarInt(n), static (ref r) => r.VarInt());

    [Fact]
    public void Signed_numbers_are_written_and_read_as_the_vectors_say() =>
        Check("svarint", v => v.Long("value"), (w, n) => w.SVarInt(n), static (ref r) => r.SVarInt());

    [Fact]
    public void Texts_are_written_and_read_as_the_vectors_say() =>
        Check("text", v => v.Text("value"), (w, t) => w.Text(t), static (ref r) => r.Text(1000));

    [Fact]
    public void Options_are_written_and_read_as_the_vectors_say() =>
        Check("option", v => v.Text("value") == "1", (w, present) => w.Flag(present), static (ref r) => r.Flag());

    [Fact]
    public void Digits_of_names_are_written_and_read_as_the_vectors_say()
    {
        var file = VectorFile.Read("base32hex");
        foreach (var vector in file.Good)
        {
            var number = UInt128.Parse(vector.Text("value"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var text = vector.Text("text");
            if (vector.Number("bits") == 64)
            {
                vector.Equal(text, Base32Hex.Format((ulong)number));
                vector.Equal(true, Base32Hex.TryParse(text, out ulong read));
                vector.Equal((ulong)number, read);
            }
            else
            {
                vector.Equal(text, Base32Hex.Format(number));
                vector.Equal(true, Base32Hex.TryParse(text, out UInt128 read));
                vector.Equal(number, read);
            }
        }
        foreach (var vector in file.Bad)
        {
            var text = vector.Text("text");
            vector.Equal(false, vector.Number("bits") == 64 ? Base32Hex.TryParse(text, out ulong _) : Base32Hex.TryParse(text, out UInt128 _));
        }
    }

    [Fact]
    public void Length_prefixed_fields_and_their_hash_are_as_the_vectors_say()
    {
        foreach (var vector in VectorFile.Read("lp").Good)
        {
            var fields = VectorFile.Section(vector.Json, "fields");
            var lp = new LengthPrefixed(fields[0].Text("text"));
            foreach (var field in fields.Skip(1))
            {
                if (field.Json.TryGetProperty("text", out var text))
                    lp.Add(text.GetString()!);
                else if (field.Json.TryGetProperty("number", out _))
                    lp.Add(field.Long("number"));
                else
                    lp.Add(field.Bytes("hex"));
            }
            vector.EqualBytes(vector.Bytes("hex"), lp.Written);
            vector.Equal(vector.Text("hash"), lp.Hash().ToString());
        }
    }

    private static void Check<T>(string name, Func<Vector, T> value, Action<WireWriter, T> write, Read<T> read)
    {
        var file = VectorFile.Read(name);
        foreach (var vector in file.Good)
        {
            var writer = new WireWriter();
            write(writer, value(vector));
            vector.EqualBytes(vector.Bytes("hex"), writer.Written);
            vector.Equal(value(vector), ReadAll(vector.Bytes("hex"), read));
        }
        Assert.NotEmpty(file.Bad);
        foreach (var vector in file.Bad)
            vector.Fails(() => ReadAll(vector.Bytes("hex"), read));
    }

    private static T ReadAll<T>(byte[] bytes, Read<T> read)
    {
        var reader = new WireReader(bytes);
        var value = read(ref reader);
        reader.End();
        return value;
    }
}
