using Latecomer.Contracts;
using Latecomer.DeltaLog;

namespace Latecomer.Activities;

/// <summary>What a built-in needs of its input and what its output looks like.</summary>
internal static class BuiltInOutput
{
    /// <summary>The output table: the built-in's columns, and the input's partition column by its type there.</summary>
    internal static TableDefinition Definition(IBuiltInWork work, PipelineInput input, Snapshot table)
    {
        var type = table.Metadata.Schema.Find(input.Column)?.Type ?? new DataType.Primitive("string");
        return new TableDefinition(new TableSchema([.. work.Writes, new SchemaField(input.Column, type)]), [input.Column]);
    }

    /// <summary>Why a table cannot be the input; null if it can.</summary>
    internal static string? Fault(IBuiltInWork work, TablePath path, Snapshot table)
    {
        foreach (var column in work.Reads)
        {
            if (table.Metadata.Schema.Find(column.Name) is not { } there)
            {
                return $"'{work.Name}' reads column '{column.Name}', which {path} does not have.";
            }

            if (there.Type.ToString() != column.Type.ToString())
            {
                return $"'{work.Name}' reads column '{column.Name}' as {column.Type}, and in {path} it is {there.Type}.";
            }
        }

        return null;
    }
}
