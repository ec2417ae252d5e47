using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>Puts what a turn changed into the rows that people read.</summary>
internal static class PartitionProjection
{
    public static void Project(PartitionTurn turn, PartitionState before)
    {
        var state = turn.State;
        if (ReferenceEquals(state, before))
        {
            return;
        }

        var key = $"{turn.Pipeline}/{turn.Date}";
        if (state.IsBlank)
        {
            // Forgotten; the rows of its runs, also of those that it has not known for long, the pipeline removes.
            turn.Unproject(Projections.Partitions, key);
            turn.Unproject(Projections.Late, key);
            return;
        }

        var row = RowOf(turn);
        turn.Project(Projections.Partitions, key, row);
        if (state.IsLate)
        {
            turn.Project(Projections.Late, key, row);
        }
        else if (before.IsLate)
        {
            turn.Unproject(Projections.Late, key);
        }

        foreach (var run in state.Runs)
        {
            var earlier = before.Find(run.RunId);
            if (!ReferenceEquals(run, earlier) || !ReferenceEquals(state.Creations?.Find(run.RunId), before.Creations?.Find(run.RunId)))
            {
                turn.Project(Projections.Runs, $"{key}/{run.RunId}", RowOf(turn, run));
            }

            if (!ReferenceEquals(run, earlier))
            {
                ProjectTries(turn, run, earlier, key);
                RetireTries(turn, run, earlier, key);
            }
        }
    }

    /// <summary>The partition as people read it.</summary>
    public static PartitionRow RowOf(PartitionTurn turn) => new(
        turn.Pipeline, turn.Date, turn.State.IsLate, turn.State.LastProcessed, turn.State.LastProcessedBy, turn.State.Inputs,
        turn.State.Hold?.Run, turn.State.HoldNumber, turn.State.Claim?.Id, turn.State.FailedClaims);

    private static void ProjectTries(PartitionTurn turn, DagRun run, DagRun? earlier, string key)
    {
        foreach (var task in run.Tasks)
        {
            var before = earlier?.Task(task.Task);
            if (task.EndedAt is { } ended && (before?.EndedAt, before?.Try) != (ended, task.Try))
            {
                var id = Tasks.IdOf(task.Task, turn.Definition.Work);
                turn.Project(Projections.Tries, KeyOf(turn, key, run, task.Task, task.Try), new TryRow(
                    turn.Pipeline, turn.Date, run.RunId, id, task.Try, task.State, task.StartedAt, ended, task.Note));
            }
        }
    }

    /// <summary>Once another try has begun, those before it are history. Before the first there is one only where a task was skipped, and then cleared.</summary>
    private static void RetireTries(PartitionTurn turn, DagRun run, DagRun? earlier, string key)
    {
        foreach (var task in run.Tasks)
        {
            if (run.Kind == RunKind.External)
            {
                // Counted by the caller, who may leave numbers out.
                RetireTry(turn, run, earlier?.Task(task.Task), task, key);
                continue;
            }

            for (var old = earlier?.Task(task.Task).Try ?? 0; old < task.Try; old++)
            {
                if (old > 0 || run.ClearNumber > 0)
                {
                    turn.Retire(Projections.Tries, KeyOf(turn, key, run, task.Task, old));
                }
            }
        }
    }

    private static void RetireTry(PartitionTurn turn, DagRun run, TaskInstance? earlier, TaskInstance task, string key)
    {
        if (earlier is { Try: > 0 } && earlier.Try < task.Try)
        {
            turn.Retire(Projections.Tries, KeyOf(turn, key, run, task.Task, earlier.Try));
        }
    }

    /// <summary>Of a run that something else runs we know its marks, that it works in between, and its creation if it asked for one.</summary>
    private static IEnumerable<TaskInstance> TasksOf(PartitionState state, DagRun run) => run.Kind != RunKind.External
        ? run.Tasks
        : [run.Task(TaskKind.Mark), run.Task(TaskKind.Work), run.Task(TaskKind.MarkProcessed), .. state.Creations?.Find(run.RunId) is { } creation ? [TaskOf(creation)] : Array.Empty<TaskInstance>()];

    private static TaskInstance TaskOf(ExternalCreation creation)
    {
        var state = creation.IsOpen ? TaskState.Running : creation.Claimed is null ? TaskState.Failed : TaskState.Success;
        return new TaskInstance(TaskKind.Creation, state, creation.Try, creation.Try - 1, creation.StartedAt, creation.IsOpen ? null : creation.EndedAt, creation.Failure);
    }

    /// <summary>A row that was retired is not put again: not by a pipeline of the same name either.</summary>
    private static string KeyOf(PartitionTurn turn, string key, DagRun run, TaskKind task, int number) =>
        $"{key}/{run.RunId}/{(int)task}/{(turn.State.Generation > 0 ? $"{turn.State.Generation:D6}-" : "")}{number:D6}";

    /// <summary>A run as people read it.</summary>
    public static RunRow RowOf(PartitionTurn turn, DagRun run) => new(
        turn.Pipeline, turn.Date, run.RunId, run.Kind, run.State, run.CreatedAt, run.EndedAt, run.Pin, run.HoldNumber,
        [.. TasksOf(turn.State, run).Select(t => new TaskRow(Tasks.IdOf(t.Task, turn.Definition.Work), t.State, t.Try, t.StartedAt, t.EndedAt, t.Note))],
        run.Backfill);
}
