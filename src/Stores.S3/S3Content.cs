using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>The content of an answer, read from the connection as it comes, with its errors as this store gives them.</summary>
internal sealed class S3Content(GetObjectResponse answer, S3Place place) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await answer.ResponseStream.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            throw S3Errors.From(e, place, cancellationToken);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return answer.ResponseStream.Read(buffer);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            throw S3Errors.From(e, place, CancellationToken.None);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            answer.Dispose();
        base.Dispose(disposing);
    }
}
