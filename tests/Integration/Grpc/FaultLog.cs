using System.Collections.Concurrent;
using Latecomer.Grpc;
using Microsoft.Extensions.Logging;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>Remembers what a server logged as a fault of its own.</summary>
internal sealed class FaultLog : ILogger<RpcEndpoint>
{
    private readonly ConcurrentQueue<string> _faults = [];

    public IReadOnlyCollection<string> Faults => _faults;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _faults.Enqueue($"{formatter(state, exception)} {exception}");
}
