using System.Collections.Immutable;
using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Node.Pipelines;
using Wire = Latecomer.Node.Protocol;

namespace Latecomer.Node.Grpc;

/// <summary>Pipelines between the API and the domain. Reading fills in the defaults and throws <see cref="FormatException"/> with a
/// sentence for people.</summary>
internal static class PipelineMapping
{
    /// <summary>To the API.</summary>
    public static Wire.Pipeline ToWire(this PipelineDefinition definition)
    {
        var pipeline = new Wire.Pipeline
        {
            Name = definition.Name.Value,
            Schedule = ScheduleText.Of(definition.Schedule),
            Start = definition.Start.ToString(),
            End = definition.End?.ToString() ?? "",
            MaxActiveRuns = definition.MaxActiveRuns,
            MaxActiveBackfills = definition.MaxActiveBackfills,
            Retries = definition.Retries,
            RetryDelay = Duration.FromTimeSpan(definition.RetryDelay),
            Work = ToWire(definition.Work),
            ConfigurationFolder = definition.ConfigurationFolder,
            MinRows = definition.MinRows,
        };
        pipeline.Inputs.AddRange(definition.Inputs.Select(i => new Wire.PipelineInput
        {
            Table = i.Table.Value,
            PartitionColumn = i.Column,
            PartitionFormat = i.Format,
            From = i.From,
            To = i.To,
        }));
        if (definition.Lookback is { } lookback)
        {
            pipeline.Lookback = lookback;
        }

        return pipeline;
    }

    /// <summary>What it is and how it stands, to the API.</summary>
    public static Wire.PipelineStatus ToWire(this PipelineRow row)
    {
        var status = row.StatusToWire();
        status.Pipeline = row.Definition.ToWire();
        return status;
    }

    /// <summary>How it stands, to the API.</summary>
    public static Wire.PipelineStatus StatusToWire(this PipelineRow row) => new()
    {
        NextLogicalDate = row.NextDate.ToString(),
        ActiveRuns = row.ActiveRuns,
        ActiveBackfills = row.ActiveBackfills,
        QueuedRuns = row.QueuedRuns,
        Started = row.Started,
        Paused = row.Paused,
    };

    /// <summary>From the API.</summary>
    public static PipelineDefinition ToDefinition(this Wire.Pipeline pipeline)
    {
        var schedule = ScheduleText.ParseSchedule(pipeline.Schedule);
        var maxActiveRuns = pipeline.HasMaxActiveRuns ? pipeline.MaxActiveRuns : PipelineDefaults.MaxActiveRuns;
        return new PipelineDefinition(
            PipelineName.Parse(pipeline.Name),
            [.. pipeline.Inputs.Select(i => ToInput(i, schedule))],
            schedule,
            LogicalDate.Parse(pipeline.Start),
            pipeline.End.Length == 0 ? null : LogicalDate.Parse(pipeline.End),
            maxActiveRuns,
            pipeline.HasMaxActiveBackfills ? pipeline.MaxActiveBackfills : maxActiveRuns,
            pipeline.HasRetries ? pipeline.Retries : PipelineDefaults.Retries,
            ToRetryDelay(pipeline.RetryDelay),
            ToWork(pipeline.Work),
            pipeline.ConfigurationFolder.Length == 0 ? PipelineDefaults.ConfigurationFolder : pipeline.ConfigurationFolder,
            pipeline.HasLookback ? pipeline.Lookback : null,
            pipeline.MinRows);
    }

    private static PipelineInput ToInput(Wire.PipelineInput input, Schedule schedule) => new(
        TablePath.Parse(input.Table),
        input.PartitionColumn.Length > 0 ? input.PartitionColumn : throw new FormatException($"The input {input.Table} needs its partition_column."),
        input.PartitionFormat.Length > 0 ? input.PartitionFormat : PipelineDefaults.PartitionFormat(schedule),
        input.From,
        input.To);

    private static TimeSpan ToRetryDelay(Duration? delay)
    {
        try
        {
            return delay?.ToTimeSpan() ?? PipelineDefaults.RetryDelay;
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"The retry_delay is no length of time: {e.Message}", e);
        }
    }

    private static Wire.PipelineWork ToWire(Work work)
    {
        switch (work)
        {
            case Work.BuiltIn builtIn:
                return new Wire.PipelineWork { TaskId = work.TaskId, BuiltIn = new Wire.BuiltInWork { Name = builtIn.Name, Output = builtIn.Output.Value } };
            case Work.Command command:
                var wire = new Wire.CommandWork { Program = command.Program, ExpectedExitCode = command.ExpectedExitCode };
                wire.Arguments.AddRange(command.Arguments);
                wire.Environment.Add(command.Environment.ToDictionary());
                return new Wire.PipelineWork { TaskId = work.TaskId, Command = wire };
            case Work.External:
                return new Wire.PipelineWork { TaskId = work.TaskId, External = new Wire.ExternalWork() };
            default:
                throw new UnreachableException();
        }
    }

    private static Work ToWork(Wire.PipelineWork? work) => work switch
    {
        { External: not null } => new Work.External(work.TaskId.Length > 0 ? work.TaskId : Work.External.UsualTaskId),
        { TaskId.Length: 0 } => throw new FormatException("The work needs its task_id."),
        { BuiltIn: { } builtIn } => new Work.BuiltIn(work.TaskId, builtIn.Name, TablePath.Parse(builtIn.Output)),
        { Command.Program.Length: 0 } => throw new FormatException("The command needs its program."),
        { Command: { } command } => new Work.Command(
            work.TaskId, command.Program, [.. command.Arguments], command.Environment.ToImmutableSortedDictionary(StringComparer.Ordinal), command.ExpectedExitCode),
        _ => throw new FormatException("The pipeline needs work: built_in, command or external."),
    };
}
