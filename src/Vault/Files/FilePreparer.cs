using System.Buffers.Binary;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Records;
using Coffer.Vaults.Transfers;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Files;

/// <summary>
/// Makes plans of writes: small contents wait for the tail of the commit, those of a batch share objects, and all others go to the store piece by piece. A body is on the store before the commit that names it is built.
/// </summary>
internal sealed class FilePreparer(VaultDevice device, PiecePool pool)
{
    private readonly BodyWriter _bodies = new(device.Environment.Random, device.Environment.Workers, pool);

    /// <summary>Prepares one write. An upload that was cut off goes on with what is missing.</summary>
    /// <param name="write">The write.</param>
    /// <param name="uploads">The uploads of the call.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<PutPlan> PrepareAsync(AcceptedWrite write, Uploads uploads, CancellationToken cancellationToken)
    {
        while (true)
        {
            var upload = uploads.TryOpen(write.Content, write.Plan.Recipient);
            try
            {
                var plan = await PrepareAsync(write, upload, cancellationToken);
                if (upload is { IsResumed: true } && !upload.IsOf(write.Content.Source()))
                    throw new SourceChangedException();
                return plan;
            }
            catch (SourceChangedException)
            {
                // It starts over under a new key and new names.
                upload!.Delete();
            }
        }
    }

    private async Task<PutPlan> PrepareAsync(AcceptedWrite write, UploadJournal? upload, CancellationToken cancellationToken)
    {
        var plan = write.Plan;
        var (stream, owned) = write.Content.Open();
        using (owned)
        {
            var known = write.Content.Length;
            var progress = write.Progress;
            if (known is null or <= CommitRequest.MaxSmall)
            {
                var start = await ContentStart.ReadAsync(stream, known, CommitRequest.MaxSmall, cancellationToken);
                if (start.Length <= CommitRequest.MaxSmall)
                {
                    progress?.Report(start.Length);
                    return plan with { Small = start };
                }
                stream = new ConcatenatedStream(start, stream);
            }
            var sink = new ObjectSink(device, upload);
            var body = await _bodies.WriteAsync(stream, known, sink, upload?.Key ?? default, progress, cancellationToken);
            return plan with { Body = body, Objects = sink.Uses, Deadline = sink.Deadline };
        }
    }

    /// <summary>Fixes what a write says beside its content: its record id, its time, and when it ends.</summary>
    public AcceptedWrite Accept(FileWrite write)
    {
        var now = device.Now;
        var life = write.Options?.Life ?? (device.Ledger.Tip.Configuration.ContentLife is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null);
        var plan = new PutPlan
        {
            Space = Spaces.Files,
            Path = write.Path,
            Id = NewRecordId(),
            Recipient = write.Options?.Recipient,
            Modified = (write.Options?.Modified ?? write.Content.Modified)?.ToUnixTimeMilliseconds() ?? now,
            Attributes = write.Options?.Attributes ?? default,
            ContentEnd = life is { } span ? now + Math.Max(1, (long)span.TotalMilliseconds) : 0,
        };
        return new AcceptedWrite(plan, write.Content, write.Options?.Progress);
    }

    public UInt128 NewRecordId()
    {
        Span<byte> id = stackalloc byte[16];
        device.Environment.Random.Fill(id);
        return BinaryPrimitives.ReadUInt128BigEndian(id);
    }
}
