using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;
using Latecomer.Tests.Testing.Actors;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>The day of the system that Latecomer takes over from, up to the late loads: seven days loaded, five processed, two loaded again.</summary>
internal sealed class SeedsDay
{
    public static readonly TablePath Devices = TablePath.Parse("devices");
    public static readonly PipelineName Loader = PipelineName.Parse("devices_loader");

    /// <summary>Few, so that lists go on.</summary>
    private const int RowsInList = 3;

    private int _requests;

    public SeedsDay(Func<PipelineDefinition, PipelineDefinition>? change = null)
    {
        World = new ActorWorld(ActorIds.Catalog()) { RunActivity = Run };
        for (var day = 1; day <= 7; day++)
        {
            Table.Commit($"2024-01-{day:D2}");
        }

        Definition = new PipelineDefinition(
            Loader, [new PipelineInput(Devices, "event_time", "yyyy-MM-dd", 0, 0)], Schedule.Daily, Date(1), Date(5),
            3, 2, 3, TimeSpan.FromMinutes(1), new Work.BuiltIn("process_devices", "device_summary", TablePath.Parse("summary")), ".");
        Definition = change?.Invoke(Definition) ?? Definition;
    }

    public ActorWorld World { get; }

    public FakeTable Table { get; } = new("event_time");

    public PipelineDefinition Definition { get; }

    public Dictionary<string, ImmutableArray<string>> Files { get; } = [];

    public List<RunWork> Works { get; } = [];

    /// <summary>What the work does; null lets it run on.</summary>
    public Func<RunWork, object?> Work { get; set; } = _ => new WorkReport(Note: null);

    /// <summary>What a table of states says.</summary>
    public Func<ReadStateTable, StateTableRead>? States { get; init; }

    public static LogicalDate Date(int day) => LogicalDate.Parse($"2024-01-{day:D2}");

    public RequestReply Ask(Func<RequestId, PipelineMessage> message) => World.Replies[Begin(message)];

    /// <summary>Asks, and lets all happen that can.</summary>
    public RequestId Begin(Func<RequestId, PipelineMessage> message) => Begin(ActorIds.Pipeline(Loader), message);

    public RequestReply AskPartition(int day, Func<RequestId, PartitionMessage> message) => World.Replies[Begin(ActorIds.Partition(Loader, Date(day)), message)];

    private RequestId Begin(ActorId actor, Func<RequestId, object> message)
    {
        var request = RequestId.Parse($"request-{++_requests}");
        World.Tell(actor, message(request));
        World.Settle();
        return request;
    }

    public void RunFirstFive()
    {
        Ask(r => new PipelineMessage.Apply(r, Definition)).Status.ShouldBe(ReplyStatus.Ok);
        World.Settle();
    }

    public void LoadLate()
    {
        Table.Commit("2024-01-02");
        Table.Commit("2024-01-03");
        World.Settle();
    }

    /// <summary>A commit, and all that follows from it.</summary>
    public void Load(params string?[] values)
    {
        Table.Commit(values);
        World.Settle();
    }

    public ClearReply Clear(int day, bool past = false, bool future = false, bool dryRun = false, string task = "mark_partition_as_processing", RunId? run = null)
    {
        var reply = Ask(r => new PipelineMessage.Clear(r, Date(day), run, task, past, future, Upstream: false, Downstream: true, dryRun));
        reply.Status.ShouldBe(ReplyStatus.Ok, reply.Message);
        return (ClearReply)reply.Body!;
    }

    public IReadOnlyList<RunRow> Runs() => World.Rows<RunRow>(Projections.Runs);

    public RunRow Run(int day, RunKind kind = RunKind.Scheduled) => Runs().Last(r => r.Date == Date(day) && r.Kind == kind);

    public TaskRow Task(int day, TaskKind task, RunKind kind = RunKind.Scheduled) => Run(day, kind).Tasks[(int)task];

    public PartitionState Partition(int day) => World.State<PartitionState>(ActorIds.Partition(Loader, Date(day)));

    public IEnumerable<LogicalDate> Late() => World.Rows<PartitionRow>(Projections.Late).Select(r => r.Date);

    public PipelineState Pipeline => World.State<PipelineState>(ActorIds.Pipeline(Loader));

    private object? Run(ActivityKey key, string kind, byte[] input) => kind switch
    {
        CheckPipeline.Kind => new PipelineCheck(Fault: null),
        ReadBaseline.Kind => Table.Read(DurableJson.Read<ReadBaseline>(input)),
        ReadCommits.Kind => Table.Read(DurableJson.Read<ReadCommits>(input)),
        AwaitCommit.Kind => DurableJson.Read<AwaitCommit>(input).After < Table.Version ? Done.Value : null,
        WriteConfiguration.Kind => Write(DurableJson.Read<WriteConfiguration>(input)),
        ListRows.Kind => List(DurableJson.Read<ListRows>(input)),
        ReadStateTable.Kind => States!(DurableJson.Read<ReadStateTable>(input)),
        RunWork.Kind => DoWork(DurableJson.Read<RunWork>(input)),
        _ => throw new InvalidOperationException($"{key} is of an unknown kind"),
    };

    private ListedRows List(ListRows list) =>
        new([.. World.Keys(list.Projection, list.Prefix).Where(k => string.CompareOrdinal(k, list.After) > 0).Take(Math.Min(list.Limit, RowsInList))]);

    private Done Write(WriteConfiguration write)
    {
        Files[write.File] = write.Partitions;
        return Done.Value;
    }

    private object? DoWork(RunWork work)
    {
        var outcome = Work(work);
        if (outcome is not null)
        {
            Works.Add(work);
        }

        return outcome;
    }
}
