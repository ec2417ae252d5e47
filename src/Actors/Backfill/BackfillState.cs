using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>What is late, what is claimed, and which creation is under way.</summary>
/// <param name="Definition">The pipeline as last told; null before the first creation.</param>
/// <param name="Schedule">Its schedule.</param>
/// <param name="Late">The dates that are late, as far as reported.</param>
/// <param name="Order">Which scheduled dates' creations have ended.</param>
/// <param name="Current">The creation under way.</param>
/// <param name="Queue">Creations that may go on, in order.</param>
/// <param name="Waiting">Creations that wait for the date before.</param>
/// <param name="Claims">The live claims by date.</param>
/// <param name="Steps">The number of the last creation that was begun: what watchers are asked by.</param>
/// <param name="LastClaimAt">When the last claims were made: the next ones are later, for run ids name the time.</param>
/// <param name="Forgetting">Whether all is forgotten once the creation under way has ended.</param>
public sealed record BackfillState(
    PipelineDefinition? Definition,
    Schedule Schedule,
    DateRanges Late,
    DateOrder Order,
    Creation? Current,
    ImmutableList<CreationRequest> Queue,
    ImmutableList<CreationRequest> Waiting,
    ImmutableSortedDictionary<LogicalDate, LiveClaim> Claims,
    long Steps,
    DateTimeOffset LastClaimAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Forgetting = false)
{
    /// <summary>How many partitions one creation claims at the most, the earliest first; the others stay late for the next.</summary>
    public const int MostClaimsOfOne = 100;

    /// <summary>How many claims live at a time.</summary>
    public const int MostClaims = 300;

    /// <summary>Nothing is late, nobody has asked.</summary>
    public static BackfillState Empty { get; } = new(
        Definition: null, Schedule.Daily, DateRanges.Empty, DateOrder.Empty, Current: null, [], [],
        ImmutableSortedDictionary<LogicalDate, LiveClaim>.Empty, 0, DateTimeOffset.UnixEpoch);
}

/// <summary>A run that wants late partitions.</summary>
public sealed record CreationRequest(LogicalDate Date, RunId Run, RunKind Kind, long Step, int Try, long ClearNumber);

/// <summary>A claim that is live.</summary>
/// <param name="ClaimId">Its id.</param>
/// <param name="Run">The run that it was created for.</param>
/// <param name="Step">In that step of it.</param>
/// <param name="For">That run's date, if something else runs it; null for ours.</param>
public sealed record LiveClaim(string ClaimId, RunId Run, long Step, LogicalDate? For = null);

/// <summary>A creation under way.</summary>
/// <param name="Request">For whom.</param>
/// <param name="ClaimId">The id of its claims.</param>
/// <param name="Step">What watchers are asked by.</param>
/// <param name="At">When its claims are made.</param>
/// <param name="Unsynced">The tables whose changes may not all be known yet.</param>
/// <param name="Asked">The partitions that have not answered yet.</param>
/// <param name="Reserved">Those that are reserved, ascending.</param>
/// <param name="Writing">Whether the file is being written.</param>
/// <param name="Abandoned">Whether nobody wants it any more: it ends by releasing what it reserved.</param>
/// <param name="GivingUp">Where claims of an earlier try of the run are being given up; null if there were none.</param>
/// <param name="Over">Where a run that something else runs has marked and ended already, before all was confirmed; null if nowhere.</param>
public sealed record Creation(
    CreationRequest Request,
    string ClaimId,
    long Step,
    DateTimeOffset At,
    ImmutableArray<TablePath> Unsynced,
    ImmutableSortedSet<LogicalDate> Asked,
    ImmutableSortedSet<LogicalDate> Reserved,
    bool Writing,
    bool Abandoned,
    ImmutableSortedSet<LogicalDate>? GivingUp = null,
    ImmutableSortedSet<LogicalDate>? Over = null)
{
    /// <summary>Whether all is known, and nothing is claimed for an earlier try of the run that no run has marked.</summary>
    [JsonIgnore]
    public bool MayReserve => Unsynced.IsEmpty && GivingUp is not { IsEmpty: false };
}
