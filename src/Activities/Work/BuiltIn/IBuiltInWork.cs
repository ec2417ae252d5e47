using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Activities;

/// <summary>Work that the program brings along, as a function from the rows of a partition to the rows that replace those of the output's partition. It knows
/// neither tables nor partitions: reading at the pin, overwriting and committing once per hold are done for it. May run several times for the same rows, and at once.</summary>
public interface IBuiltInWork
{
    /// <summary>The name by which pipelines ask for it.</summary>
    string Name { get; }

    /// <summary>The columns that it reads, in the order in which it gets them; a table that lacks one, or has it by another type, is refused.</summary>
    IReadOnlyList<SchemaField> Reads { get; }

    /// <summary>The columns that it gives, in order. The output has the input's partition column beside them.</summary>
    IReadOnlyList<SchemaField> Writes { get; }

    /// <summary>Makes the rows. It disposes of the batches that it gets; those that it gives are disposed of by who takes them.</summary>
    IAsyncEnumerable<ColumnBatch> Run(IAsyncEnumerable<ColumnBatch> rows, CancellationToken cancellation);
}
