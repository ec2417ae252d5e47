using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Node.Explaining;

/// <summary>What the projections know of a partition beside its journal.</summary>
/// <param name="Pipeline">Its pipeline.</param>
/// <param name="Partition">The partition as it is.</param>
/// <param name="Runs">Its runs.</param>
/// <param name="Tries">The tries of their tasks that ended.</param>
/// <param name="Commits">The commits that its entries name, in all their parts.</param>
/// <param name="Creations">What the creations of its runs did.</param>
internal sealed record PartitionFacts(
    PipelineRow Pipeline,
    PartitionRow Partition,
    IReadOnlyList<RunRow> Runs,
    IReadOnlyList<TryRow> Tries,
    ILookup<(TablePath Table, long Version), CommitRow> Commits,
    IReadOnlyDictionary<RunId, CreationRow> Creations)
{
    /// <summary>How people name a date of the pipeline.</summary>
    public string NameOf(LogicalDate date) => Pipeline.Definition.Schedule.NameOf(date);

    /// <summary>The id of a task.</summary>
    public string IdOf(TaskKind task) => Tasks.IdOf(task, Pipeline.Definition.Work);
}
