using System.CommandLine;
using System.Globalization;
using Latecomer.DeltaLog;

namespace Latecomer.Node.Cli;

/// <summary>Which version of a table a command looks at: <c>--version</c>, or the one that was current at <c>--timestamp</c>; else the latest.</summary>
internal sealed class VersionOptions
{
    private const DateTimeStyles AsUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    private readonly Option<long?> _version = new("--version") { Description = "The table as of this version.", HelpName = "version" };

    private readonly Option<DateTimeOffset?> _timestamp = new("--timestamp")
    {
        Description = "The table as of this time: the last version committed by then. In UTC unless it says otherwise.",
        HelpName = "time",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, AsUtc, out var time))
            {
                return time;
            }

            result.AddError($"--timestamp is a time such as 2026-01-03 or 2026-01-03T08:30:00Z, not '{text}'.");
            return null;
        },
    };

    /// <summary>Adds the options to a command.</summary>
    public Command On(Command command)
    {
        command.Options.Add(_version);
        command.Options.Add(_timestamp);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_version) is not null && result.GetResult(_timestamp) is not null)
            {
                result.AddError("--version and --timestamp say the same thing in two ways: give one of them.");
            }
        });
        return command;
    }

    /// <summary>The version that the command line asks for; null: the latest.</summary>
    /// <exception cref="DeltaException">No version was current then.</exception>
    public async Task<long?> Find(ParseResult parsed, DeltaTable table, CancellationToken cancellation) =>
        parsed.GetValue(_timestamp) is { } time ? await table.FindVersion(time, cancellation) : parsed.GetValue(_version);
}
