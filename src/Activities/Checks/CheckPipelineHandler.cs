using System.Diagnostics;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Checks a definition against what is there: its tables, the folder of its files, its work. Changes nothing.</summary>
internal sealed class CheckPipelineHandler(DatasetFolder dataset, BuiltInWorks works, TimeProvider time, Func<Guid> newId)
    : ActivityHandler<CheckPipeline, PipelineCheck>
{
    public override string Kind => CheckPipeline.Kind;

    protected override Task<PipelineCheck> Run(CheckPipeline input, ActivityAssignment assignment, CancellationToken stop) =>
        ActivityFaults.Explain($"The definition of {input.Definition.Name} could not be checked", async () =>
            new PipelineCheck(FolderFault(input.Definition.ConfigurationFolder) ?? await TableFault(input.Definition, stop)));

    private async Task<string?> TableFault(PipelineDefinition definition, CancellationToken stop)
    {
        Snapshot? primary = null;
        foreach (var input in definition.Inputs)
        {
            Snapshot table;
            try
            {
                table = await Open(dataset.FolderOf(input.Table)).ReadSnapshot(version: null, stop);
            }
            catch (DeltaException error)
            {
                return $"The input {input.Table} cannot be read: {error.Message}";
            }

            if (ColumnFault(input, table, definition.Start) is { } fault)
            {
                return fault;
            }

            primary ??= table;
        }

        return definition.Work switch
        {
            Work.BuiltIn builtIn => await new BuiltInCheck(dataset, works, Open).Fault(definition, builtIn, primary!, stop),
            Work.Command command => CommandCheck.Fault(definition, command, dataset),
            Work.External => null,
            _ => throw new UnreachableException(),
        };
    }

    private static string? ColumnFault(PipelineInput input, Snapshot table, LogicalDate start) =>
        (table.Metadata.PartitionColumns.Contains(input.Column, StringComparer.Ordinal), table.Metadata.PartitionColumns.Count) switch
        {
            (true, _) => FormatFault(input, table, start),
            (_, 0) => $"The input {input.Table} has no partitions, so nothing tells which dates a change affects: it must be partitioned by '{input.Column}'.",
            _ => $"The input {input.Table} is not partitioned by '{input.Column}': it is by {string.Join(", ", table.Metadata.PartitionColumns)}.",
        };

    /// <summary>A format that writes no value of the column reads none either, and then no change would ever make a date late.</summary>
    private static string? FormatFault(PipelineInput input, Snapshot table, LogicalDate start) =>
        PartitionColumns.Of(table).TryParse(input.Column, input.ValueOf(start)) is null
            ? $"The input {input.Table} has '{input.Column}' as {table.Metadata.Schema.Find(input.Column)?.Type}, and partitionFormat '{input.Format}' makes {input.ValueOf(start)} of a date, which is none."
            : null;

    private string? FolderFault(string name)
    {
        if (dataset.TryFolderOf(name) is not { } folder)
        {
            return $"The folder of configuration files '{name}' is relative to the dataset folder and lies in it; '.' is that folder itself.";
        }

        // The first of its parents that exists decides: the rest is made by the first file.
        var there = folder;
        while (!Path.Exists(there) && Path.GetDirectoryName(there) is { } parent)
        {
            there = parent;
        }

        if (!Directory.Exists(there))
        {
            return $"The folder of configuration files '{name}' cannot be made: {there} is a file.";
        }

        return Permissions.MayWriteIn(there)
            ? null
            : $"The folder of configuration files '{name}' cannot be written: check the permissions of {there}, and that its file system is not read-only.";
    }

    private DeltaTable Open(string folder) => DeltaTable.At(folder, time, newId);
}
