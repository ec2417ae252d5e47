using Latecomer.Contracts;
using Latecomer.DeltaLog;

namespace Latecomer.Activities;

/// <summary>What is wrong with a built-in before it was ever run.</summary>
internal sealed class BuiltInCheck(DatasetFolder dataset, BuiltInWorks works, Func<string, DeltaTable> open)
{
    private const string LogFolder = "_delta_log";

    /// <summary>A sentence for people; null if nothing is.</summary>
    internal async Task<string?> Fault(PipelineDefinition definition, Work.BuiltIn builtIn, Snapshot input, CancellationToken cancellation)
    {
        if (works.Find(builtIn.Name) is not { } work)
        {
            return works.Unknown(builtIn.Name);
        }

        if (definition.Inputs.Length > 1)
        {
            return $"'{work.Name}' reads one table, and the pipeline names {definition.Inputs.Length}.";
        }

        if (builtIn.Output == definition.Primary.Table)
        {
            return $"'{work.Name}' cannot write {builtIn.Output}, which it reads: name another table as its output.";
        }

        return BuiltInOutput.Fault(work, definition.Primary.Table, input)
            ?? await OutputFault(builtIn.Output, BuiltInOutput.Definition(work, definition.Primary, input), cancellation);
    }

    private async Task<string?> OutputFault(TablePath output, TableDefinition definition, CancellationToken cancellation)
    {
        var folder = dataset.FolderOf(output);
        if (Occupied(folder, definition.PartitionColumns[0]) is { } occupied)
        {
            return $"The output {output} can be made neither a Delta table nor is it one: {occupied}. Name another table.";
        }

        try
        {
            if (await open(folder).TryReadSnapshot(cancellation) is { } there)
            {
                definition.RequireFits(there);
            }

            return null;
        }
        catch (DeltaException error)
        {
            return $"The output {output} cannot be written: {error.Message}";
        }
    }

    /// <summary>What lies where a table is to be made; null if nothing does that a first write, cut short, may not have left.</summary>
    private static string? Occupied(string folder, string partitionColumn)
    {
        for (var above = folder; above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
            {
                return $"{above} is a file";
            }
        }

        if (!Directory.Exists(folder) || Directory.Exists(Path.Combine(folder, LogFolder)))
        {
            return null;
        }

        var stranger = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName)
            .FirstOrDefault(name => !name!.StartsWith($"{partitionColumn}=", StringComparison.Ordinal));
        return stranger is null ? null : $"{folder} holds {stranger} and no {LogFolder}";
    }
}
