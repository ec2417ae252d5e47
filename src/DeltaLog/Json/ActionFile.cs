namespace Latecomer.DeltaLog;

/// <summary>A JSON file of the log, for messages about it.</summary>
/// <param name="Location">The table's location.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Kind">What it is: commit, checkpoint, compaction file.</param>
/// <param name="WhenCorrupt">The class of the error when it is not what the protocol says.</param>
internal readonly record struct ActionFile(string Location, string Name, string Kind, DeltaErrorClass WhenCorrupt);
