using System.Collections.Concurrent;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Node.Watching;

/// <summary>The ids that pipelines give their work, as they were not long ago.</summary>
internal sealed class WorkTasks(IProjectionStore rows, TimeProvider time)
{
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<PipelineName, (string Id, long At)> _ids = [];

    /// <summary>The id of a pipeline's work; empty if there is no such pipeline.</summary>
    public async ValueTask<string> Of(PipelineName pipeline, CancellationToken cancellation)
    {
        if (_ids.TryGetValue(pipeline, out var known) && time.GetElapsedTime(known.At) < Known)
        {
            return known.Id;
        }

        var row = (await rows.Get(Projections.Pipelines, pipeline.Value, cancellation))?.As<PipelineRow>();
        var id = row?.Definition.Work.TaskId ?? "";
        _ids[pipeline] = (id, time.GetTimestamp());
        return id;
    }
}
