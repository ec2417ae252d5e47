using System.CommandLine;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer runs wait</c>: for scripts that go on once the runs have ended, as <c>kubectl wait</c>.</summary>
internal static class WaitCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var pipeline = Names.PipelineArgument();
        var count = Options.Number("--count", "Waits until there are so many runs at least.", 1, 1, int.MaxValue);
        var timeout = Options.Length("--timeout", "How long to wait at most, such as 90s or 10m; for ever when not given.");
        var command = new Command("wait", "Waits until all runs of a pipeline have ended; the exit code is 0 if all succeeded, else 1.") { pipeline, count, timeout };
        return client.Asking(command, async asked =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(asked.Cancellation);
            if (asked.Get(timeout) is { } time)
            {
                patience.CancelAfter(time);
            }

            try
            {
                return await new RunProgress(asked with { Cancellation = patience.Token }).Follow(
                    new ListRunsRequest { Pipeline = asked.Get(pipeline).Value }, runs => runs, runs => runs.Count >= asked.Get(count) && runs.All(RunRows.HasEnded));
            }
            catch (OperationCanceledException e) when (!asked.Cancellation.IsCancellationRequested)
            {
                throw new Refusal(ExitCode.Failed, $"Not all runs of {asked.Get(pipeline)} ended within {asked.Get(timeout)!.Value.TotalSeconds:0} s.", e);
            }
        });
    }
}
