using System.Diagnostics;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;
using Dice = Coffer.Testing.SeededRandom;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>A process that is there to be killed, and what it says.</summary>
internal sealed class VictimProcess : IDisposable
{
    private readonly Process _process;
    private readonly Action<string, string> _told;
    private readonly SemaphoreSlim _done = new(0);
    private readonly Task _listening;

    /// <param name="arguments">What it shall do; see <see cref="Victim"/>.</param>
    /// <param name="told">Gets the first word of each line that it prints, and the rest.</param>
    public VictimProcess(string[] arguments, Action<string, string> told)
    {
        _told = told;
        _process = OtherProcess.Start([Victim.Role, .. arguments]);
        _listening = ListenAsync();
    }

    /// <summary>Waits until it has opened its vault and done so many operations.</summary>
    private async Task DoneAsync(int operations)
    {
        for (var i = 0; i <= operations; i++)
            await Task.WhenAny(_done.WaitAsync(), _listening);
        if (_listening.IsFaulted)
            await _listening;
    }

    private async Task ListenAsync()
    {
        // The last line may have been cut off: only those that are whole were said.
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.EndsWith(Victim.EndOfLine, StringComparison.Ordinal))
                continue;
            var words = line[..^Victim.EndOfLine.Length].Split(' ', 2);
            Assert.True(words[0] != Victim.Fault, $"A process that was to be killed failed before: {line}");
            _told(words[0], words[^1]);
            if (words[0] is Victim.IsOpen or Victim.Done)
                _done.Release();
        }
    }

    /// <summary>Ends it with SIGKILL, and waits until all that it had said was heard. One in ten is killed while it starts or opens its files, the others after so many operations and a little later: on a slow machine too.</summary>
    public async Task KillSoonAsync(Dice random, int mostDone)
    {
        if (random.Chance(0.1))
            await Task.Delay(random.Next(500));
        else
            await DoneAsync(random.Next(mostDone + 1));
        await Task.Delay(random.Next(30));
        _process.Kill();
        await _process.WaitForExitAsync();
        await _listening;
        Assert.NotEqual(0, _process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _done.Dispose();
    }
}
