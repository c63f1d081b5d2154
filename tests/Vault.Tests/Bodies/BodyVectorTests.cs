using System.Security.Cryptography;
using System.Text.Json;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

/// <summary>The vectors were written by another implementation, from docs/format.md alone: Vectors/bodies.py.</summary>
public class BodyVectorTests
{
    private static readonly Vectors All = JsonSerializer.Deserialize<Vectors>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "bodies.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public void There_are_vectors()
    {
        Assert.True(All.Bodies.Length >= 11);
        Assert.True(All.Bad.Length >= 14);
        Assert.True(All.Edited.Length >= 6);
    }

    public static TheoryData<string> Bodies() => [.. All.Bodies.Select(body => body.Name)];

    public static TheoryData<string> Bad() => [.. All.Bad.Select(body => body.Name)];

    public static TheoryData<string> Edited() => [.. All.Edited.Select(edit => edit.Name)];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_is_sealed_and_opened_as_the_vector_has_it(string name)
    {
        var vector = All.Bodies.Single(body => body.Name == name);
        var plaintext = Plaintext.OfLength(vector.Length);
        var (body, pieces) = await SealAsync(vector);
        Assert.Equal(vector.ChunkLog2, body.ChunkLog2);
        Assert.Equal(vector.Key, Convert.ToHexStringLower(body.Key));
        Assert.Equal(vector.Pieces.Select(piece => piece.Root), body.Pieces.Select(place => place.Root.ToString()));
        var bytes = body.Pieces.Select(place => pieces.Objects[place.Object!.Value]).ToArray();
        Assert.Equal(vector.Pieces.Select(piece => piece.Length), bytes.Select(piece => piece.Length));
        Assert.Equal(vector.Pieces.Select(piece => piece.Sha256), bytes.Select(piece => Convert.ToHexStringLower(SHA256.HashData(piece))));
        Assert.True((await InMemory.ReadAsync(body, pieces)).AsSpan().SequenceEqual(plaintext));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_body_fails_as_the_vector_says(string name)
    {
        var vector = All.Bad.Single(body => body.Name == name);
        var pieces = new MemoryPieces();
        var place = await pieces.PutAsync(0, Convert.FromHexString(vector.Sealed), new Digest(Convert.FromHexString(vector.Root)), CancellationToken.None);
        var body = new BodyDescriptor(Convert.FromHexString(vector.Key), new BodyLayout(vector.Length, vector.ChunkLog2), [place]);
        var error = await Assert.ThrowsAsync<BodyDamagedException>(() => InMemory.ReadAsync(body, pieces));
        Assert.Equal(vector.Expected, error.Damage.ToString());
    }

    [Theory]
    [MemberData(nameof(Edited))]
    public async Task An_edited_body_fails_as_the_vector_says(string name)
    {
        var vector = All.Edited.Single(edit => edit.Name == name);
        var (body, pieces) = await SealAsync(All.Bodies.Single(candidate => candidate.Name == vector.Body));
        pieces.Objects.Single().Value[vector.Flip] ^= 1;
        var error = await Assert.ThrowsAsync<BodyDamagedException>(() => InMemory.ReadAsync(body, pieces));
        Assert.Equal(vector.Expected, error.Damage.ToString());
    }

    private static async Task<(BodyDescriptor Body, MemoryPieces Pieces)> SealAsync(Body vector)
    {
        var pieces = new MemoryPieces();
        var isLengthKnown = vector.ChunkLog2 == BodyLayout.OfKnownLength(vector.Length).ChunkLog2;
        var writer = new BodyWriter(new GivenKey(Convert.FromHexString(vector.Key)), new InPlaceWorkers(), new PiecePool());
        var plaintext = new MemoryStream(Plaintext.OfLength(vector.Length));
        return (await writer.WriteAsync(plaintext, isLengthKnown ? vector.Length : null, pieces), pieces);
    }

    private sealed class GivenKey(byte[] key) : IRandomSource
    {
        public void Fill(Span<byte> bytes) => key.CopyTo(bytes);
    }

    private sealed record Vectors(Body[] Bodies, BadBody[] Bad, Edit[] Edited);

    private sealed record Body(string Name, string Key, long Length, int ChunkLog2, Piece[] Pieces);

    private sealed record Piece(int Length, string Sha256, string Root);

    private sealed record BadBody(string Name, string Expected, string Key, long Length, int ChunkLog2, string Sealed, string Root);

    private sealed record Edit(string Name, string Body, int Flip, string Expected);
}
