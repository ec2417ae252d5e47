namespace Latecomer.DeltaLog;

/// <summary>The table at a version, twice where a checkpoint holds it: as the checkpoint says, and as its commit made it. The first one counts; the second
/// one may know more of files whose statistics the checkpoint left out.</summary>
internal sealed class SurveyedState(SnapshotState? state, SnapshotState? replayed)
{
    internal SurveyedState(SnapshotState state)
        : this(state, state)
    {
    }

    internal SnapshotState? State { get; } = state;

    internal SnapshotState? Replayed { get; } = replayed;

    /// <summary>This, if it is of that version; else null, for there is a gap between.</summary>
    internal SurveyedState? At(long version) => State?.Version == version ? this : null;

    internal ColumnMapping Mapping() => ColumnMapping.Of(State?.Protocol, State?.Metadata);
}
