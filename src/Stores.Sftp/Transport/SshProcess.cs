using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Coffer.Stores.Sftp;

/// <summary>The OpenSSH client as a child process, with the <c>sftp</c> subsystem of a server behind its standard input and output.</summary>
internal sealed class SshProcess : IByteTransport
{
    /// <summary>How much of what it says is kept: the end, which holds the reason.</summary>
    private const int MostCharacters = 16 << 10;

    /// <summary>How long it may take to end by itself once a stream of its has ended.</summary>
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly SshAskpass? _askpass;
    private readonly SftpStoreOptions _options;
    private readonly StringBuilder _said = new();
    private readonly Task _listening;
    private readonly Task<int> _exit;
    private int _isDisposed;

    private SshProcess(Process process, SshAskpass? askpass, SftpStoreOptions options)
    {
        (_process, _askpass, _options) = (process, askpass, options);
        Input = process.StandardOutput.BaseStream;
        Output = process.StandardInput.BaseStream;
        LargePipe.TryEnlarge(Input);
        LargePipe.TryEnlarge(Output);
        _listening = ListenAsync(process.StandardError);
        _exit = WaitAsync(process);
    }

    public Stream Input { get; }

    public Stream Output { get; }

    public string Target => _options.ToTarget();

    /// <summary>Starts one.</summary>
    /// <exception cref="SftpConnectionException">There is no such program, or it cannot be run.</exception>
    public static SshProcess Start(SftpStoreOptions options)
    {
        SshAskpass? askpass = null;
        try
        {
            askpass = SshAskpass.For(options);
            var start = new ProcessStartInfo(options.Program, SshCommand.Arguments(options))
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardErrorEncoding = Encoding.UTF8,
            };
            askpass?.Apply(start);
            return new SshProcess(Process.Start(start)!, askpass, options);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or UnauthorizedAccessException)
        {
            askpass?.Dispose();
            throw new SftpConnectionException(StoreErrorKind.Unsupported,
                $"The OpenSSH client '{options.Program}' could not be started: {OneLine.Of(exception.Message)}. Install it (Debian: openssh-client; Windows: an optional feature), or name it in the setting 'ssh'.",
                isTransient: false, exception);
        }
    }

    public void Established() => _askpass?.Dispose();

    public async ValueTask<SftpConnectionException> ExplainAsync()
    {
        await Task.WhenAny(Task.WhenAll(_exit, _listening), Task.Delay(EndTime));
        return SshFailure.From(_options, Said(), _exit.IsCompletedSuccessfully ? await _exit : null);
    }

    public void Abort()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        try
        {
            await Output.DisposeAsync();
        }
        catch (IOException)
        {
            // What was not written yet is lost with the process.
        }
        if (await Task.WhenAny(_exit, Task.Delay(EndTime)) != _exit)
            Abort();
        await _exit;
        _askpass?.Dispose();
        _process.Dispose();
    }

    private static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Reads what ssh says, always: when nobody did it would wait for us.</summary>
    private async Task ListenAsync(StreamReader reader)
    {
        var buffer = new char[1024];
        try
        {
            while (await reader.ReadAsync(buffer) is var count and > 0)
            {
                lock (_said)
                {
                    _said.Append(buffer.AsSpan(0, count));
                    if (_said.Length > MostCharacters)
                        _said.Remove(0, _said.Length - MostCharacters);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // It was disposed.
        }
    }

    private string Said()
    {
        lock (_said)
            return _said.ToString();
    }
}
