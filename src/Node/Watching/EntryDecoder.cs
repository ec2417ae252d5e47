using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Node.Watching;

/// <summary>Reads the entries of partitions.</summary>
internal sealed class EntryDecoder(ActorCatalog catalog)
{
    /// <summary>Reads entries of one partition; those of the runtime itself are left out.</summary>
    public IEnumerable<DecodedEntry> Decode(IEnumerable<JournalEntry> entries) => entries.Where(e => !AuditRecord.IsOfRuntime(e.Entry)).Select(Decode);

    private DecodedEntry Decode(JournalEntry entry)
    {
        var (pipeline, date) = ActorIds.PartitionOf(entry.Actor.Key);
        try
        {
            return new DecodedEntry(entry, pipeline, date, (PartitionEntry)catalog.BehaviorOf(entry.Actor).ReadEntry(entry.Entry));
        }
        catch (InvalidDataException)
        {
            // A newer build wrote it: its name and its content are passed on as they are.
            return new DecodedEntry(entry, pipeline, date, Entry: null);
        }
    }
}

/// <summary>An entry of a partition's journal.</summary>
/// <param name="Source">As it is stored.</param>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Date">The date.</param>
/// <param name="Entry">What happened; null if this build does not know it.</param>
internal sealed record DecodedEntry(JournalEntry Source, PipelineName Pipeline, LogicalDate Date, PartitionEntry? Entry);
