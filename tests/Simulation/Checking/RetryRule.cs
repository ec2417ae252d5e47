using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>A task is tried as often as its pipeline says, each time after its delay, before its run fails.</summary>
internal sealed class RetryRule(Findings findings) : Rule(findings)
{
    private const string Invariant = "retries";

    private readonly Dictionary<DateOf, PipelineDefinition> _definitions = [];
    private readonly HashSet<(DateOf, RunId)> _external = [];
    private readonly Dictionary<(DateOf, RunId, TaskKind), (int Tries, DateTimeOffset NotBefore)> _failed = [];

    public override void See(Fact fact)
    {
        if (fact is Fact.Happened { Entry: PartitionEntry entry } happened)
        {
            See(DateOf.Actor(happened.Actor), entry);
        }
    }

    public override void Forget(DateOf date)
    {
        _definitions.Remove(date);
        _external.RemoveWhere(e => e.Item1 == date);
        Drop(_failed, k => k.Item1 == date);
    }

    private void See(DateOf date, PartitionEntry entry)
    {
        switch (entry)
        {
            case PartitionEntry.DefinitionSeen seen:
                _definitions[date] = seen.Definition;
                break;
            case PartitionEntry.RunCreated { Kind: RunKind.External } created:
                _external.Add((date, created.Run));
                break;
            case PartitionEntry.TaskEnded { State: TaskState.UpForRetry or TaskState.Failed } ended when !_external.Contains((date, ended.Run)):
                Fail(date, ended, _definitions[date]);
                break;
            case PartitionEntry.TaskStarted started when _failed.TryGetValue((date, started.Run, started.Task), out var failed):
                Expect(started.At >= failed.NotBefore, Invariant, $"{started.Task} of {started.Run} of {date} is tried again at {started.At}, before {failed.NotBefore}");
                break;
            case PartitionEntry.TasksCleared cleared:
                Forget(date, cleared.Run);
                break;
            case PartitionEntry.LaterTasksCleared cleared:
                Forget(date, cleared.Run);
                break;
        }
    }

    private void Fail(DateOf date, PartitionEntry.TaskEnded ended, PipelineDefinition definition)
    {
        var key = (date, ended.Run, ended.Task);
        var before = _failed.GetValueOrDefault(key).Tries;
        Expect((before < definition.Retries) == (ended.State == TaskState.UpForRetry), Invariant,
            $"{ended.Task} of {ended.Run} of {date} is {ended.State} after {before} retries of {definition.Retries}");
        _failed[key] = (before + 1, ended.At + definition.RetryDelay);
    }

    private void Forget(DateOf date, RunId run)
    {
        foreach (var task in Tasks.All)
        {
            _failed.Remove((date, run, task));
        }
    }
}
