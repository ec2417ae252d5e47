using System.Collections.Concurrent;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Reads commits after a place in a log. Cost follows the new commits; a restarted node lists the log once.</summary>
internal sealed class ReadCommitsHandler(DatasetFolder dataset, TimeProvider time) : ActivityHandler<ReadCommits, CommitsRead>
{
    private readonly ConcurrentDictionary<TablePath, CommitTail> _tails = [];

    public override string Kind => ReadCommits.Kind;

    protected override Task<CommitsRead> Run(ReadCommits input, ActivityAssignment assignment, CancellationToken stop) =>
        ActivityFaults.Explain($"The log of {input.Table} could not be read", async () =>
        {
            // Taken out while in use: two attempts of the same activity may run at once.
            var tail = _tails.TryRemove(input.Table, out var known) && known.IsAt(input.After, input.TableId)
                ? known
                : new CommitTail(new LocalLogStore(dataset.FolderOf(input.Table), time), time, input.After, input.TableId);
            var read = await tail.Read(input.Limit, stop);
            if (read.Problem is null)
            {
                _tails[input.Table] = tail;
            }

            return read;
        });
}
