using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Coffer.Hosting.Tests;

/// <summary>What a host logs about housekeeping, line by line.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly Channel<(LogLevel Level, string Text)> _lines = Channel.CreateUnbounded<(LogLevel, string)>();

    /// <summary>Waits for the next line.</summary>
    public async Task<(LogLevel Level, string Text)> NextAsync() => await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Whether nothing was logged that was not taken.</summary>
    public bool IsEmpty => _lines.Reader.Count == 0;

    public ILogger CreateLogger(string categoryName) => categoryName == "Coffer.Housekeeping" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Writer.TryWrite((logLevel, formatter(state, exception)));

    public void Dispose() => _lines.Writer.TryComplete();
}
