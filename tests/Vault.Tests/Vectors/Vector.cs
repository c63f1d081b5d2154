using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Coffer.Vaults.Tests;

/// <summary>One entry of a file of test vectors.</summary>
internal readonly record struct Vector(JsonElement Json)
{
    /// <summary>What to call it when it fails.</summary>
    public string Name => Json.GetRawText();

    public string Failure => Text("failure");

    public string Text(string field) => Json.GetProperty(field).GetString()!;

    public string? TextOrNull(string field) => Json.GetProperty(field).GetString();

    public int Number(string field) => Json.GetProperty(field).GetInt32();

    public long Long(string field) => long.Parse(Text(field), CultureInfo.InvariantCulture);

    public byte[] Bytes(string field) => Convert.FromHexString(Text(field));

    /// <summary>Asserts that two are equal, and names the vector when they are not.</summary>
    public void Equal<T>(T expected, T actual) => Assert.True(EqualityComparer<T>.Default.Equals(expected, actual), $"expected {expected}, got {actual}: {Name}");

    /// <summary>Asserts that the bytes are equal, and names the vector when they are not.</summary>
    public void EqualBytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual) => Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(actual));

    /// <summary>Asserts that the work throws the exception that the vector names.</summary>
    public void Fails(Action work)
    {
        var thrown = Record.Exception(work);
        Equal(Failure, thrown?.GetType().Name ?? "nothing");
    }
}
