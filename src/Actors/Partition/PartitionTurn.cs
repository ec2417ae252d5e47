using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>A turn of a partition, with what its rules ask all the time.</summary>
internal sealed class PartitionTurn(Turn<PartitionState, PartitionEntry> turn)
{
    private readonly (PipelineName Pipeline, LogicalDate Date) _key = ActorIds.PartitionOf(turn.Self.Key);

    public PipelineName Pipeline => _key.Pipeline;

    public LogicalDate Date => _key.Date;

    public PartitionState State => turn.State;

    public DateTimeOffset Now => turn.Now;

    public ActorId Self => turn.Self;

    public PipelineDefinition Definition => State.Definition ?? throw new InvalidOperationException($"{Self} has runs but no definition.");

    public void Record(PartitionEntry entry) => turn.Record(entry);

    public void Send(ActorId to, object message) => turn.Send(to, message);

    public void SendPipeline(PipelineMessage message) => turn.Send(ActorIds.Pipeline(Pipeline), message);

    public void SendMarking(MarkingMessage message) => turn.Send(ActorIds.Marking(Pipeline), message);

    public void SendBackfill(BackfillMessage message) => turn.Send(ActorIds.Backfill(Pipeline), message);

    public void Reply(RequestId request, object reply) => turn.Reply(request, reply);

    public void Refuse(RequestId request, ReplyStatus status, string message) => turn.Refuse(request, status, message);

    public void SetTimer(string name, DateTimeOffset due, PartitionMessage message) => turn.SetTimer(name, due, message);

    public void CancelTimer(string name) => turn.CancelTimer(name);

    public void Start(string id, string kind, object input) => turn.Start(id, kind, input);

    public void Cancel(string activity) => turn.Cancel(activity);

    public void Project(string projection, string key, object row) => turn.Project(projection, key, row);

    public void Unproject(string projection, string key) => turn.Unproject(projection, key);

    public void Retire(string projection, string key) => turn.Retire(projection, key);

    /// <summary>The run as it stands now; it is known to exist.</summary>
    public DagRun Run(RunId run) => State.Find(run) ?? throw new InvalidOperationException($"{Self} knows no run {run}.");

    /// <summary>The run, if it waits for just this.</summary>
    public DagRun? Awaiting(RunId run, Wait wait, long step) => State.Find(run) is { } known && known.Awaits(wait, step) ? known : null;

    /// <summary>Lets the run wait for the answer to something new; gives the step that the question carries.</summary>
    public long NextStep(RunId run, Wait wait)
    {
        Record(new PartitionEntry.StepTaken(run, wait));
        return Run(run).Step;
    }
}
