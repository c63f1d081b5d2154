using System.Runtime.InteropServices;

namespace Coffer.Cli.Invocation;

/// <summary>Turns Ctrl-C and a request to end into a cancellation, so that what is under way is undone or finished. The second time ends the process at once.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signal;

    public Interrupt() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, 2)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, 15)),
        ];

    public CancellationToken Token => _source.Token;

    /// <summary>The number of the signal that came; 0 when none did.</summary>
    public int Signal => Volatile.Read(ref _signal);

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context, int number)
    {
        if (Interlocked.CompareExchange(ref _signal, number, 0) != 0)
            return;
        context.Cancel = true;
        _source.Cancel();
    }
}
