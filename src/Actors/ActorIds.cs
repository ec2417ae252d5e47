using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>How the actors of the domain are named.</summary>
public static class ActorIds
{
    /// <summary>The kind of <see cref="PartitionActor"/>.</summary>
    public const string PartitionKind = "Partition";

    /// <summary>The kind of <see cref="PipelineActor"/>.</summary>
    public const string PipelineKind = "Pipeline";

    /// <summary>The kind of <see cref="MarkingActor"/>.</summary>
    public const string MarkingKind = "Marking";

    /// <summary>The kind of <see cref="BackfillActor"/>.</summary>
    public const string BackfillKind = "Backfill";

    /// <summary>The kind of <see cref="DeltaLogWatcher"/>.</summary>
    public const string WatcherKind = "DeltaLogWatcher";

    /// <summary>The kind of <see cref="ConfigurationFolderActor"/>.</summary>
    public const string FolderKind = "ConfigurationFolder";

    /// <summary>The kind of <see cref="AccessActor"/>.</summary>
    public const string AccessKind = "Access";

    /// <summary>The kind of <see cref="AuditActor"/>.</summary>
    public const string AuditKind = "Audit";

    private const int Audits = 16;

    /// <summary>Owns one date of a pipeline.</summary>
    public static ActorId Partition(PipelineName pipeline, LogicalDate date) => new(PartitionKind, $"{pipeline}/{date}");

    /// <summary>Keeps a pipeline's schedule and slots.</summary>
    public static ActorId Pipeline(PipelineName pipeline) => new(PipelineKind, pipeline.Value);

    /// <summary>The pipeline's part of the marking singleton.</summary>
    public static ActorId Marking(PipelineName pipeline) => new(MarkingKind, pipeline.Value);

    /// <summary>The pipeline's part of the backfill singleton.</summary>
    public static ActorId Backfill(PipelineName pipeline) => new(BackfillKind, pipeline.Value);

    /// <summary>Tails a table's log.</summary>
    public static ActorId Watcher(TablePath table) => new(WatcherKind, table.Value);

    /// <summary>Knows whose a folder of configuration files is.</summary>
    public static ActorId Folder(string folder) => new(FolderKind, folder);

    /// <summary>Keeps the tokens.</summary>
    public static ActorId Access { get; } = new(AccessKind, "tokens");

    /// <summary>Notes calls; which of a few, the caller's address says, so that one caller's flood keeps nobody else waiting.</summary>
    public static ActorId Audit(string address) => new(AuditKind, $"{StableHash.Of(address) % Audits}");

    /// <summary>Which pipeline and date a partition's key names.</summary>
    public static (PipelineName Pipeline, LogicalDate Date) PartitionOf(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return (PipelineName.Parse(key[..slash]), LogicalDate.Parse(key[(slash + 1)..]));
    }

    /// <summary>The pipeline that an actor is a part of; null if of none.</summary>
    public static PipelineName? PipelineOf(ActorId actor) => actor.Kind switch
    {
        PartitionKind => PartitionOf(actor.Key).Pipeline,
        PipelineKind or MarkingKind or BackfillKind => PipelineName.Parse(actor.Key),
        _ => null,
    };

    /// <summary>Every kind of actor of the program.</summary>
    public static ActorCatalog Catalog() => new(
    [
        new PipelineActor(),
        new PartitionActor(),
        new MarkingActor(),
        new BackfillActor(),
        new DeltaLogWatcher(),
        new ConfigurationFolderActor(),
        new AccessActor(),
        new AuditActor(),
    ]);
}
