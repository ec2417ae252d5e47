using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Runs a local command to its end. Guarantees that of all attempts at one try, before and after crashes of the node, the command is started once,
/// unless the execution before was stopped on request and has ended; and that neither an end nor a failure is told while a process of it runs.</summary>
internal sealed class CommandRun(DatasetFolder dataset, string workFolder, CommandSettings settings, TimeProvider time)
{
    private readonly AbandonedWork _abandoned = new(workFolder, time);

    /// <summary>Starts the command, or takes up what an earlier attempt started, and waits for its end.</summary>
    /// <exception cref="ActivityFailedException">It ended with another exit code than expected, or was ended from outside.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, and has ended.</exception>
    internal async Task<WorkReport> Run(RunWork run, Work.Command command, int attempt, CancellationToken stop)
    {
        _abandoned.Sweep();
        var folder = new CommandFolder(workFolder, run);
        var session = new CommandSession(run.IdempotencyKey, settings, time);
        try
        {
            return await RunToEnd(folder, run, command, attempt, session, stop);
        }
        catch (Exception fault) when (ActivityFaults.Reason(fault) is not null)
        {
            // The state folder cannot be read or written, so the command would be lost sight of; it must not run on beside the next try.
            foreach (var execution in folder.Executions())
            {
                await End(execution.Process, session);
            }

            throw;
        }
    }

    private async Task<WorkReport> RunToEnd(CommandFolder folder, RunWork run, Work.Command command, int attempt, CommandSession session, CancellationToken stop)
    {
        folder.Enter(attempt);
        var look = settings.LookFirst;
        while (true)
        {
            if (folder.IsLeftTo(attempt))
            {
                stop.ThrowIfCancellationRequested();
                throw new ActivityFailedException("A later attempt has taken over the command.");
            }

            var execution = folder.Current();
            if (await Step(execution, run, command, attempt, session, stop) is { } report)
            {
                return report;
            }

            new CommandOutput(execution.Output).Bound();
            await Task.Delay(look, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            look = settings.Longer(look);
        }
    }

    /// <summary>Looks at where an execution stands and does what is next; null as long as there is no end.</summary>
    private async Task<WorkReport?> Step(CommandExecution execution, RunWork run, Work.Command command, int attempt, CommandSession session, CancellationToken stop)
    {
        if (execution.ExitCode is null && (stop.IsCancellationRequested || execution.IsStopping))
        {
            await Stop(execution, session);

            // Only here: a stop that is asked for later than this step looked is for the next one to do.
            if (execution.IsStopped)
            {
                stop.ThrowIfCancellationRequested();
            }
        }
        else if (execution.ExitCode is null && !execution.IsClaimed)
        {
            await Start(execution, CommandLine.Of(run, command, dataset), attempt);
        }

        var process = execution.Process;
        if (execution.ExitCode is null && !execution.IsStopping && (process is null || !ProcessTable.IsAlive(process)))
        {
            // What it left running must not go on beside the next try.
            await End(process, session);
            if (execution.ExitCode is null && !execution.IsStopping)
            {
                throw new ActivityFailedException(Sentence($"{command.Program} was ended from outside before it was done: it was killed, or the machine went down.", execution));
            }
        }

        if (execution.ExitCode is { } code)
        {
            execution.Keep();
            await End(process, session);
            return code == command.ExpectedExitCode
                ? new WorkReport(Note: null)
                : throw new ActivityFailedException(Sentence($"{command.Program} ended with exit code {code}; {command.ExpectedExitCode} means success.", execution));
        }

        return null;
    }

    /// <summary>Starts the wrapper, and waits until somebody's has begun.</summary>
    private async Task Start(CommandExecution execution, CommandLine command, int attempt)
    {
        using var wrapper = CommandWrapper.Start(execution, attempt, command);
        while (!execution.IsClaimed)
        {
            if (wrapper.HasExited && !execution.IsClaimed)
            {
                throw wrapper.ExitCode == CommandWrapper.Superseded
                    ? new ActivityFailedException("A later attempt has taken over the command.")
                    : new ActivityFailedException($"{command.Program} was not started, because that could not be noted in {execution.Folder}: check that there is space left, and the permissions.");
            }

            await Task.Delay(settings.LookFirst, time, CancellationToken.None);
        }
    }

    /// <summary>Stops an execution; it may turn out to have ended by itself.</summary>
    private static async Task Stop(CommandExecution execution, CommandSession session)
    {
        execution.MarkStopping();
        await End(execution.Process, session);
        if (execution.ExitCode is null)
        {
            execution.MarkStopped();
        }
    }

    private static Task End(ProcessRecord? process, CommandSession session) => process is null ? Task.CompletedTask : session.End(process);

    private static string Sentence(string what, CommandExecution execution) =>
        new CommandOutput(execution.Output).LastLines() is { Length: > 0 } lines ? $"{what} It printed at last:\n{lines}" : $"{what} It printed nothing.";
}
