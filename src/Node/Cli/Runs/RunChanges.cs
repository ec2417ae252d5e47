using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary>The runs of a list, and then those that changed, by the stream of what happens to runs.</summary>
internal static class RunChanges
{
    /// <summary>All that a request asks for, and then, step by step, those of them that something happened to, as they are now.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<Run>> Of(Asked asked, ListRunsRequest wanted)
    {
        var isFirst = true;
        var stream = new ChangeStream(asked, "Runs/Watch", token: "");
        await foreach (var response in stream.Responses<WatchRunsResponse>(
            token => new WatchRunsRequest { Pipeline = wanted.Pipeline, ResumeToken = token }, response => response.ResumeToken))
        {
            // The first response says from where on the stream tells: what is listed after it lacks nothing.
            var now = isFirst ? await All(asked, wanted) : await Changed(asked, wanted, response);
            if (isFirst || now.Count > 0)
            {
                yield return now;
            }

            isFirst = false;
        }
    }

    private static async Task<IReadOnlyList<Run>> All(Asked asked, ListRunsRequest wanted)
    {
        var listing = ListRunsCommand.Of(wanted);
        return (await asked.All(listing.Method, listing.Ask, listing.NextOf)).Runs;
    }

    private static async Task<IReadOnlyList<Run>> Changed(Asked asked, ListRunsRequest wanted, WatchRunsResponse response)
    {
        var runs = new List<Run>();
        foreach (var (date, id) in response.Changes.Select(c => (c.LogicalDate, c.RunId)).Distinct().Where(c => c.RunId.Length > 0))
        {
            var run = await asked.Patiently(() => asked.Find<Run>("Runs/Get", new GetRunRequest { Pipeline = wanted.Pipeline, LogicalDate = date, RunId = id }));
            if (run is not null && IsWanted(run, wanted))
            {
                runs.Add(run);
            }
        }

        return runs;
    }

    private static bool IsWanted(Run run, ListRunsRequest wanted) =>
        (wanted.FromDate.Length == 0 || string.CompareOrdinal(run.LogicalDate, wanted.FromDate) >= 0)
        && (wanted.ToDate.Length == 0 || string.CompareOrdinal(run.LogicalDate, wanted.ToDate) <= 0)
        && (wanted.States.Count == 0 || wanted.States.Contains(run.State))
        && (wanted.Kinds.Count == 0 || wanted.Kinds.Contains(run.Kind))
        && (wanted.BackfillId.Length == 0 || wanted.BackfillId == run.BackfillId);
}
