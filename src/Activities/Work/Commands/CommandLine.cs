using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>What is started: everything filled in.</summary>
/// <param name="Program">The program's path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables beside those of the node.</param>
/// <param name="WorkingFolder">Where it is started: the dataset folder.</param>
internal sealed record CommandLine(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string WorkingFolder)
{
    /// <summary>The variable by which the processes of a command are told from others.</summary>
    internal const string KeyVariable = "LATECOMER_IDEMPOTENCY_KEY";

    /// <summary>Fills in a definition for a run.</summary>
    /// <exception cref="ActivityFailedException">The program is not there, or a text has an unknown placeholder.</exception>
    internal static CommandLine Of(RunWork run, Work.Command command, DatasetFolder dataset)
    {
        // Tables and tools may have changed since the definition was applied.
        if (CommandCheck.Fault(run.Definition, command, dataset) is { } fault)
        {
            throw new ActivityFailedException(fault);
        }

        var environment = command.Environment.ToDictionary(v => v.Key, v => CommandTemplate.Fill(v.Value, run), StringComparer.Ordinal);
        environment["LATECOMER_PIPELINE"] = run.Definition.Name.Value;
        environment["LATECOMER_LOGICAL_DATE"] = run.Date.ToString();
        environment["LATECOMER_RUN_ID"] = run.Run.Value;
        environment["LATECOMER_TRY_NUMBER"] = run.Try.ToString();
        environment["LATECOMER_HOLD_NUMBER"] = run.HoldNumber.ToString();
        environment["LATECOMER_PARTITION"] = run.Definition.Primary.PartitionOf(run.Date);
        environment["LATECOMER_PIN"] = System.Text.Encoding.UTF8.GetString(DurableJson.Write(run.Pin.Tables.ToDictionary(t => t.Key.Value, t => t.Value, StringComparer.Ordinal)));
        environment[KeyVariable] = run.IdempotencyKey;
        return new CommandLine(
            CommandCheck.ProgramOf(command, dataset)!,
            [.. command.Arguments.Select(a => CommandTemplate.Fill(a, run))],
            environment,
            dataset.Path);
    }
}
