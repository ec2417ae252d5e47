using Latecomer.Actors;
using Latecomer.DeltaLog;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Waits until a log has a version above one. Asks for two files by name at each look, whatever the length of the log. A version that goes away
/// ends the wait, so that a read finds out why; one that is gone from the start (cleaned up, or the table is) ends it after a while only, or waiting and
/// reading would chase each other.</summary>
internal sealed class AwaitCommitHandler(DatasetFolder dataset, TimeProvider time) : ActivityHandler<AwaitCommit, Done>
{
    internal static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    internal static readonly TimeSpan LookWithoutVersion = TimeSpan.FromSeconds(15);

    public override string Kind => AwaitCommit.Kind;

    public override bool OnlyWaits => true;

    protected override Task<Done> Run(AwaitCommit input, ActivityAssignment assignment, CancellationToken stop) =>
        ActivityFaults.Explain($"The log of {input.Table} could not be watched", async () =>
        {
            var log = new LocalLogStore(dataset.FolderOf(input.Table), time);
            var wasThere = await Exists(log, input.After, stop);
            var begun = time.GetTimestamp();
            while (!await Exists(log, input.After + 1, stop))
            {
                if (wasThere ? !await Exists(log, input.After, stop) : time.GetElapsedTime(begun) >= LookWithoutVersion)
                {
                    break;
                }

                await Task.Delay(LookEvery, time, stop);
            }

            return Done.Value;
        });

    private static async ValueTask<bool> Exists(LocalLogStore log, long version, CancellationToken stop) =>
        version >= 0 && await log.TryStat(LogFile.CommitName(version), stop) is not null;
}
