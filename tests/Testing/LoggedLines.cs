using System.Text;
using Microsoft.Extensions.Logging;

namespace Latecomer.Tests.Testing;

/// <summary>Keeps all that is logged.</summary>
public sealed class LoggedLines : ILoggerProvider
{
    private readonly StringBuilder _lines = new();

    public string Text
    {
        get
        {
            lock (_lines)
            {
                return _lines.ToString();
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private sealed class Logger(LoggedLines lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines._lines)
            {
                lines._lines.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
            }
        }
    }
}
