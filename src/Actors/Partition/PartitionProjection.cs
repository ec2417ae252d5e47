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
            }
        }
    }

    private static void ProjectTries(PartitionTurn turn, DagRun run, DagRun? earlier, string key)
    {
        foreach (var task in run.Tasks)
        {
            if (task.EndedAt is { } ended && earlier?.Task(task.Task).EndedAt != ended)
            {
                var id = Tasks.IdOf(task.Task, turn.Definition.Work);
                turn.Project(Projections.Tries, $"{key}/{run.RunId}/{(int)task.Task}/{task.Try:D6}", new TryRow(
                    turn.Pipeline, turn.Date, run.RunId, id, task.Try, task.State, task.StartedAt, ended, task.Note));
            }
        }
    }

    private static RunRow RowOf(PartitionTurn turn, DagRun run) => new(
        turn.Pipeline, turn.Date, run.RunId, run.Kind, run.State, run.CreatedAt, run.EndedAt, run.Pin, run.HoldNumber,
        [.. run.Tasks.Select(t => new TaskRow(Tasks.IdOf(t.Task, turn.Definition.Work), t.State, t.Try, t.StartedAt, t.EndedAt, t.Note))]);
}
