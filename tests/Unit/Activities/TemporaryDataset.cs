using System.Collections.Immutable;
using Latecomer.Activities;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Runtime;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Activities;

/// <summary>A dataset folder that goes away with the test, with real tables partitioned by <c>day</c>.</summary>
internal sealed class TemporaryDataset : IDisposable
{
    public static readonly TablePath Clicks = TablePath.Parse("web/clicks");

    private static readonly TableSchema Schema = new([
        new SchemaField("page", new DataType.Primitive("string")),
        new SchemaField("day", new DataType.Primitive("string")),
    ]);

    private int _files;

    public TemporaryDataset()
    {
        Root = Path.Combine(Path.GetTempPath(), $"latecomer-activities-{Guid.NewGuid():N}");
        Folder = new DatasetFolder(Path.Combine(Root, "dataset"));
        Directory.CreateDirectory(Folder.Path);
        Table = DeltaTable.At(Folder.FolderOf(Clicks));
    }

    public string Root { get; }

    public DatasetFolder Folder { get; }

    public string State => Path.Combine(Root, "state");

    public DeltaTable Table { get; private set; }

    public string LogFile(long version) => Path.Combine(Folder.FolderOf(Clicks), "_delta_log", $"{version:D20}.json");

    /// <summary>Runs an activity as a node does, with input and output in their durable form.</summary>
    public static async Task<TOutput> Run<TInput, TOutput>(ActivityHandler<TInput, TOutput> handler, TInput input, CancellationToken stop = default)
        where TInput : notnull
        where TOutput : notnull
    {
        var key = new ActivityKey(new ActorId("Test", "one"), "activity/1");
        var assignment = new ActivityAssignment(key, default, handler.Kind, DurableJson.Write(input), Attempt: 1, stop.IsCancellationRequested);
        return DurableJson.Read<TOutput>(await ((IActivityHandler)handler).Run(assignment, stop));
    }

    public static PipelineDefinition Pipeline(Work work, string folder = "backfills", params PipelineInput[] inputs) => new(
        PipelineName.Parse("counting"),
        inputs.Length > 0 ? [.. inputs] : [new PipelineInput(Clicks, "day", "yyyy-MM-dd", 0, 0)],
        Schedule.Daily,
        LogicalDate.Parse("2001-05-01"),
        End: null,
        MaxActiveRuns: 3,
        MaxActiveBackfills: 2,
        Retries: 3,
        TimeSpan.FromMinutes(1),
        work,
        folder);

    public static ImmutableSortedDictionary<string, string?> Day(string? day) =>
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal).Add("day", day);

    public async Task<TemporaryDataset> Created(Guid? id = null)
    {
        Table = DeltaTable.At(Folder.FolderOf(Clicks));
        (await Table.Create(Metadata.Create(id ?? Guid.NewGuid(), Schema, ["day"], DateTimeOffset.UnixEpoch), [], CommitOrigin.None))
            .ShouldBe(new CommitResult.Committed(0));
        return this;
    }

    public AddFile File(string? day, long rows = 1) => new()
    {
        Path = $"day={day}/part-{Interlocked.Increment(ref _files):D5}.parquet",
        PartitionValues = PartitionValues.Of("day", day),
        Size = 100,
        ModificationTime = 1,
        NumRecords = rows,
        Stats = $$"""{"numRecords":{{rows}}}""",
    };

    public async Task<string> TableId() => (await Table.ReadSnapshot()).TableId;

    public async Task<long> Append(CommitOrigin origin, params AddFile[] files) =>
        (await Table.Append(files, origin)).ShouldBeOfType<CommitResult.Committed>().Version;

    public Task<long> Append(params string?[] days) => Append(CommitOrigin.None, [.. days.Select(day => File(day))]);

    /// <summary>A process that a test abandoned may write a last file while the folder goes away.</summary>
    public void Dispose() => SpinWait.SpinUntil(TryDelete, Liveness.Bound).ShouldBeTrue($"{Root} could not be deleted");

    private bool TryDelete()
    {
        try
        {
            if (Directory.Exists(Root))
            {
                Directory.Delete(Root, recursive: true);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
