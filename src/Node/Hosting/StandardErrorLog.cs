using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Latecomer.Node.Hosting;

/// <summary>Logs as JSON lines on stderr; stdout is for data.</summary>
internal static class StandardErrorLog
{
    /// <summary>Makes the log, from a level upwards; what frameworks say, only from warnings upwards.</summary>
    public static ILoggerFactory Create(LogLevel from) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(from)
        .AddFilter("Microsoft", from > LogLevel.Warning ? from : LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
        .AddJsonConsole(json => json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'")
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .Configure<JsonConsoleFormatterOptions>(json => json.UseUtcTimestamp = true));
}
