using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>Somebody who clears, triggers, loads late data and puts its files together, one after the other, whatever goes wrong.</summary>
internal sealed class Client(string name, Asking asking, DeviceLoads loads, Compaction compaction, ClientHistory history, SeededRandom random)
{
    private readonly List<Request> _asked = [];
    private int _number;

    /// <summary>Requests without an answer for good.</summary>
    public ConcurrentQueue<Request> Unanswered { get; } = [];

    public IReadOnlyList<Request> Asked => _asked;

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            switch (random.Below(20))
            {
                case < 8:
                    await Ask(AnyClear(), stop);
                    break;
                case < 10:
                    await Ask(new Request($"trigger-{name}-{_number++}", "Runs/Trigger", Of(random.Pick(Pipelines.Names), random.Pick(Pipelines.Dates))), stop);
                    break;
                case < 16:
                    await loads.Load(random.Pick(Pipelines.Dates), random.Between(1, 20));
                    break;
                case < 18:
                    await compaction.Run(random.Pick(Pipelines.Dates));
                    break;
                case var _ when _asked.Count > 0:
                    await Ask(random.Pick(_asked), stop);
                    break;
            }

            await Task.Delay(random.Between(100, 1500), CancellationToken.None);
        }
    }

    private static JsonObject Of(string pipeline, string date) => new() { ["pipeline"] = pipeline, ["logicalDate"] = date };

    private Request AnyClear()
    {
        var pipeline = random.Pick(Pipelines.Names);
        var body = Of(pipeline, random.Pick(Pipelines.Dates));
        if (random.Half())
        {
            body["taskId"] = random.Pick(Pipelines.TasksOf(pipeline));
        }

        body["past"] = random.PerMille(200);
        body["future"] = random.PerMille(300);
        body["upstream"] = random.PerMille(200);
        body["downstream"] = random.PerMille(700);
        body["dryRun"] = random.PerMille(50);
        return new Request($"clear-{name}-{_number++}", "Runs/Clear", body);
    }

    private async Task Ask(Request request, CancellationToken stop)
    {
        history.Write($"{name} asks {request.Id} {request.Method} {request.Body.ToJsonString()}");
        if (!_asked.Contains(request))
        {
            _asked.Add(request);
        }

        if (await asking.Ask(request, random, stop) is null)
        {
            Unanswered.Enqueue(request);
        }
    }
}
