using System.Diagnostics;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Runs a pipeline's work.</summary>
internal sealed class RunWorkHandler(BuiltInRun builtIns, CommandRun commands) : ActivityHandler<RunWork, WorkReport>
{
    public override string Kind => RunWork.Kind;

    protected override Task<WorkReport> Run(RunWork input, ActivityAssignment assignment, CancellationToken stop) =>
        ActivityFaults.Explain($"{input.Definition.Work.TaskId} could not be run", () => input.Definition.Work switch
        {
            Work.BuiltIn builtIn => builtIns.Run(input, builtIn, stop),
            Work.Command command => commands.Run(input, command, assignment.Attempt, stop),
            _ => throw new UnreachableException(),
        });
}
