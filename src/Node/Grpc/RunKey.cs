using Latecomer.Contracts;
using Latecomer.Grpc;

namespace Latecomer.Node.Grpc;

/// <summary>Which run a request names; its text is the run's key in the projections.</summary>
internal readonly record struct RunKey(PipelineName Pipeline, LogicalDate Date, RunId Run)
{
    /// <summary>Reads a request's fields; without a run id it is the scheduled run of the date.</summary>
    /// <exception cref="FormatException">One of them is wrong.</exception>
    public static RunKey Of(string pipeline, string logicalDate, string runId)
    {
        var date = LogicalDate.Parse(logicalDate);
        return new RunKey(PipelineName.Parse(pipeline), date, runId.Length == 0 ? RunId.Scheduled(date) : RunId.Parse(runId));
    }

    /// <summary>What to say if there is no such run.</summary>
    public Status NotFound() => new(StatusCode.NotFound, $"There is no run {Run} of {Pipeline} for {Date}.");

    /// <inheritdoc/>
    public override string ToString() => $"{Pipeline}/{Date}/{Run}";
}
