using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Everything that a node does outside of its store, one handler for each kind of activity.</summary>
public static class ActivityHandlers
{
    /// <summary>All of them, for the nodes of one process; they may share them.</summary>
    /// <param name="dataset">Where tables and configuration files are.</param>
    /// <param name="state">The node's own folder: <c>work/</c> in it says which commands run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="newId">Names new files and tables.</param>
    /// <param name="builtIns">The works that the program brings along.</param>
    /// <param name="rows">What turns have projected.</param>
    public static IReadOnlyList<IActivityHandler> All(
        DatasetFolder dataset, string state, TimeProvider time, Func<Guid> newId, IEnumerable<IBuiltInWork> builtIns, IProjectionStore rows)
    {
        var works = new BuiltInWorks(builtIns);
        var commands = new CommandRun(dataset, Path.Combine(Path.GetFullPath(state), "work"), new CommandSettings(), time);
        return
        [
            new ReadCommitsHandler(dataset, time),
            new ReadBaselineHandler(dataset, time, newId),
            new AwaitCommitHandler(dataset, time),
            new CheckPipelineHandler(dataset, works, time, newId),
            new ReadStateTableHandler(dataset, time, newId),
            new ListRowsHandler(rows),
            new WriteConfigurationHandler(dataset, time, newId),
            new RunWorkHandler(new BuiltInRun(dataset, works, time, newId), commands),
        ];
    }
}
