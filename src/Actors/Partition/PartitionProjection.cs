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
        var row = new PartitionRow(
            turn.Pipeline, turn.Date, state.IsLate, state.LastProcessed, state.LastProcessedBy, state.Inputs,
            state.Hold?.Run, state.HoldNumber, state.Claim?.Id, state.FailedClaims);
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
            if (!ReferenceEquals(run, earlier))
            {
                turn.Project(Projections.Runs, $"{key}/{run.RunId}", RowOf(turn, run));
                ProjectTries(turn, run, earlier, key);
                RetireTries(turn, run, earlier, key);
            }
        }
    }

    private static void ProjectTries(PartitionTurn turn, DagRun run, DagRun? earlier, string key)
    {
        foreach (var task in run.Tasks)
        {
            var before = earlier?.Task(task.Task);
            if (task.EndedAt is { } ended && (before?.EndedAt, before?.Try) != (ended, task.Try))
            {
                var id = Tasks.IdOf(task.Task, turn.Definition.Work);
                turn.Project(Projections.Tries, KeyOf(key, run, task.Task, task.Try), new TryRow(
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
                    turn.Retire(Projections.Tries, KeyOf(key, run, task.Task, old));
                }
            }
        }
    }

    private static void RetireTry(PartitionTurn turn, DagRun run, TaskInstance? earlier, TaskInstance task, string key)
    {
        if (earlier is { Try: > 0 } && earlier.Try < task.Try)
        {
            turn.Retire(Projections.Tries, KeyOf(key, run, task.Task, earlier.Try));
        }
    }

    /// <summary>Of a run that something else runs we know its marks, and that it works in between.</summary>
    private static bool IsKnown(DagRun run, TaskInstance task) =>
        run.Kind != RunKind.External || task.Task is TaskKind.Mark or TaskKind.Work or TaskKind.MarkProcessed;

    private static string KeyOf(string key, DagRun run, TaskKind task, int number) => $"{key}/{run.RunId}/{(int)task}/{number:D6}";

    /// <summary>A run as people read it.</summary>
    public static RunRow RowOf(PartitionTurn turn, DagRun run) => new(
        turn.Pipeline, turn.Date, run.RunId, run.Kind, run.State, run.CreatedAt, run.EndedAt, run.Pin, run.HoldNumber,
        [.. run.Tasks.Where(t => IsKnown(run, t)).Select(t => new TaskRow(Tasks.IdOf(t.Task, turn.Definition.Work), t.State, t.Try, t.StartedAt, t.EndedAt, t.Note))],
        run.Backfill);
}
