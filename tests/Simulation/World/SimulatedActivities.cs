using Latecomer.Actors;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>The activities of the program on the simulated world. Each has its points at which others may go first; a work that was started may go on
/// after its process is gone.</summary>
internal static class SimulatedActivities
{
    public static IEnumerable<IActivityHandler> Of(Life life, ClusterParts parts) =>
    [
        new ReadingCommits(life, parts),
        new ReadingBaseline(life, parts),
        new AwaitingCommit(life, parts),
        new Working(life, parts),
        new WritingConfiguration(life, parts),
        new CheckingPipeline(life, parts),
        new ListingRows(life, parts),
        new ReadingStates(life, parts),
    ];

    private abstract class Simulated<TInput, TOutput>(Life life, ClusterParts parts) : ActivityHandler<TInput, TOutput>
        where TInput : notnull
        where TOutput : notnull
    {
        protected SimulatedWorld World => parts.World;

        protected SeededRandom Random => parts.Random;

        protected FaultPlan Faults => parts.Faults;

        protected DateTimeOffset Now => parts.Time.GetUtcNow();

        protected Task Pass(ActivityAssignment assignment, string what, CancellationToken stop, Func<bool>? until = null, DateTimeOffset? at = null) =>
            parts.Moments.Pass(life, $"{assignment.Key} attempt {assignment.Attempt} {what}", until, at, stop);

        protected void FailNowAndThen(int perMille, string why)
        {
            if (Faults.Active && Random.PerMille(perMille))
            {
                throw new ActivityFailedException(why);
            }
        }

        /// <summary>Pages are made small, so that they are turned.</summary>
        protected int Limit(int limit) => Math.Min(limit, Random.Pick([1, 2, 500]));
    }

    private sealed class ReadingCommits(Life life, ClusterParts parts) : Simulated<ReadCommits, CommitsRead>(life, parts)
    {
        public override string Kind => ReadCommits.Kind;

        protected override async Task<CommitsRead> Run(ReadCommits input, ActivityAssignment assignment, CancellationToken stop)
        {
            await Pass(assignment, "begins", stop);
            FailNowAndThen(Faults.FailingFiles, "the log could not be read");
            var read = Read(World.Table(input.Table), input.After, Limit(input.Limit));
            if (Faults.Active && Random.PerMille(Faults.FailingFiles))
            {
                read = read with { AtEnd = false, Problem = new TableProblem("Unreadable", "The next commit cannot be read.") };
            }

            await Pass(assignment, $"has read to {read.Cursor}{(read.AtEnd ? ", the end" : "")}", stop);
            return read;
        }

        private static CommitsRead Read(SimulatedTable table, LogCursor cursor, int room)
        {
            var commits = new List<CommitSeen>();
            while (cursor.Version < table.Newest)
            {
                var commit = table[cursor.Version + 1];
                var left = commit.Changes.Length - cursor.Offset;
                if (left > room)
                {
                    var part = commit with { Changes = commit.Changes.Slice(cursor.Offset, room) };
                    return new CommitsRead(table.Id, [.. commits, .. room > 0 ? [part] : Array.Empty<CommitSeen>()], cursor with { Offset = cursor.Offset + room }, AtEnd: false, Problem: null);
                }

                commits.Add(commit with { Changes = commit.Changes.Slice(cursor.Offset, left) });
                room -= left;
                cursor = new LogCursor(commit.Version, 0);
            }

            return new CommitsRead(table.Id, [.. commits], cursor, AtEnd: true, Problem: null);
        }
    }

    private sealed class ReadingBaseline(Life life, ClusterParts parts) : Simulated<ReadBaseline, BaselineRead>(life, parts)
    {
        public override string Kind => ReadBaseline.Kind;

        protected override async Task<BaselineRead> Run(ReadBaseline input, ActivityAssignment assignment, CancellationToken stop)
        {
            await Pass(assignment, "begins", stop);
            FailNowAndThen(Faults.FailingFiles, "the log could not be read");
            var table = World.Table(input.Table);
            var version = input.Version ?? table.Newest;
            var partitions = table.PartitionsAt(version).Skip(input.Offset).ToList();
            var page = partitions.Take(Limit(input.Limit)).ToList();
            await Pass(assignment, "has read", stop);
            return new BaselineRead(table.Id, version, [.. page], page.Count == partitions.Count, Problem: null);
        }
    }

    private sealed class AwaitingCommit(Life life, ClusterParts parts) : Simulated<AwaitCommit, Done>(life, parts)
    {
        public override string Kind => AwaitCommit.Kind;

        public override bool OnlyWaits => true;

        protected override async Task<Done> Run(AwaitCommit input, ActivityAssignment assignment, CancellationToken stop)
        {
            var table = World.Table(input.Table);
            await Pass(assignment, "sees the log grow", stop, () => table.Newest > input.After);
            stop.ThrowIfCancellationRequested();
            return Done.Value;
        }
    }

    private sealed class Working(Life life, ClusterParts parts) : Simulated<RunWork, WorkReport>(life, parts)
    {
        public override string Kind => RunWork.Kind;

        protected override async Task<WorkReport> Run(RunWork input, ActivityAssignment assignment, CancellationToken stop)
        {
            var ends = Now + TimeSpan.FromSeconds(Random.Pick([0, 0, 2, 20]));
            for (var pause = Random.Below(3); pause >= 0; pause--)
            {
                await Pass(assignment, $"works on {input.Pin}", stop, at: ends);
                if (stop.IsCancellationRequested && !Random.PerMille(300))
                {
                    stop.ThrowIfCancellationRequested();
                }
            }

            FailNowAndThen(Faults.FailingWorks, "the work failed before it wrote");
            if (!World.Write(input))
            {
                throw new ActivityFailedException("A run of a later hold has written this partition.");
            }

            await Pass(assignment, "has written", stop);
            FailNowAndThen(Faults.FailingWorks / 2, "the work failed after it wrote");
            return new WorkReport(Note: null);
        }
    }

    private sealed class WritingConfiguration(Life life, ClusterParts parts) : Simulated<WriteConfiguration, Done>(life, parts)
    {
        public override string Kind => WriteConfiguration.Kind;

        protected override async Task<Done> Run(WriteConfiguration input, ActivityAssignment assignment, CancellationToken stop)
        {
            await Pass(assignment, "writes", stop);
            stop.ThrowIfCancellationRequested();
            FailNowAndThen(Faults.FailingFiles * 3, "the disk is full");
            World.Write(input);
            await Pass(assignment, "has written", stop);
            return Done.Value;
        }
    }

    private sealed class ListingRows(Life life, ClusterParts parts) : Simulated<ListRows, ListedRows>(life, parts)
    {
        private readonly Life _life = life;

        public override string Kind => ListRows.Kind;

        protected override async Task<ListedRows> Run(ListRows input, ActivityAssignment assignment, CancellationToken stop)
        {
            await Pass(assignment, "lists", stop);
            FailNowAndThen(Faults.FailingFiles, "the store could not be read");
            var rows = await _life.Services.Store.Projections.List(input.Projection, input.Prefix, input.After, Limit(input.Limit), stop);
            await Pass(assignment, "has listed", stop);
            return new ListedRows([.. rows.Select(r => r.Key)]);
        }
    }

    private sealed class ReadingStates(Life life, ClusterParts parts) : Simulated<ReadStateTable, StateTableRead>(life, parts)
    {
        public override string Kind => ReadStateTable.Kind;

        protected override async Task<StateTableRead> Run(ReadStateTable input, ActivityAssignment assignment, CancellationToken stop)
        {
            await Pass(assignment, "begins", stop);
            FailNowAndThen(Faults.FailingFiles, "the table of states could not be read");
            var read = World.States(input.Table);
            await Pass(assignment, "has read", stop);
            return read;
        }
    }

    private sealed class CheckingPipeline(Life life, ClusterParts parts) : Simulated<CheckPipeline, PipelineCheck>(life, parts)
    {
        public override string Kind => CheckPipeline.Kind;

        protected override async Task<PipelineCheck> Run(CheckPipeline input, ActivityAssignment assignment, CancellationToken stop)
        {
            await Pass(assignment, "checks", stop);
            var missing = input.Definition.Inputs.Where(i => !World.Exists(i.Table)).Select(i => i.Table.Value).FirstOrDefault();
            return new PipelineCheck(missing is null ? null : $"There is no table {missing}.");
        }
    }
}
