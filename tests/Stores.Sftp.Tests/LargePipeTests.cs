using System.IO.Pipes;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>The pipes between us and ssh.</summary>
public sealed class LargePipeTests
{
    [Fact]
    public async Task An_enlarged_pipe_takes_several_requests_that_nobody_reads_yet()
    {
        var output = new AnonymousPipeServerStream(PipeDirection.Out);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, output.ClientSafePipeHandle);
        await using (output)
        {
            LargePipe.TryEnlarge(output);

            await Task.Run(() => output.Write(new byte[1 << 20]), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }
    }
}
