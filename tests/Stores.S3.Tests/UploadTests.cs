using Coffer.Testing;

namespace Coffer.Stores.S3.Tests;

/// <summary>Where one request becomes parts, nothing is lost and nothing doubled.</summary>
public sealed class UploadTests
{
    private const int Part = 5 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(S3Upload.SmallBody)]
    [InlineData(S3Upload.SmallBody + 1)]
    [InlineData(Part - 1)]
    [InlineData(Part)]
    [InlineData(Part + 1)]
    [InlineData(2 * Part)]
    [InlineData((2 * Part) + 1)]
    public async Task A_body_of_any_size_arrives_with_its_length_and_without(int size)
    {
        await using var place = new TestPlace();
        await using var store = new S3Store(place.Options with { PartSize = Part, ParallelParts = 2 });
        foreach (var length in (long?[])[size, null])
        {
            var key = StoreKey.Parse($"length-{length is not null}");
            var info = await store.PutAsync(key, ObjectBody.FromStream(new PatternStream(7, size), length), cancellationToken: TestPlace.Token);
            Assert.Equal(size, info.Size);
            Assert.NotNull(info.Version);
            Assert.Equal(info.Version, (await store.StatAsync(key, TestPlace.Token))!.Version);
            Assert.Equal(Pattern.Bytes(7, size), await store.ReadBytesAsync(key, cancellationToken: TestPlace.Token));
        }
    }
}
