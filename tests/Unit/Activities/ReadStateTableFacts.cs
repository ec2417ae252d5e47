using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Runtime;
using Latecomer.Tests.Testing.DeltaLog;
using static Latecomer.Tests.Unit.Activities.TemporaryDataset;

namespace Latecomer.Tests.Unit.Activities;

public sealed class ReadStateTableFacts : IDisposable
{
    private static readonly TablePath States = TablePath.Parse("partitions-state");
    private readonly TemporaryDataset _dataset = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task Each_partition_has_the_version_of_its_row_and_one_that_was_never_processed_is_left_out()
    {
        await Append(("day=2001-05-03", false, 4), ("day=2001-05-01", false, 0), ("day=2001-05-02", true, null));
        await Append(("day=2001-05-04", true, 3));

        (await Read()).Versions!.Dates(Schedule.Daily).ShouldBe([(Date(1), 0), (Date(3), 4), (Date(4), 3)]);
    }

    [Theory]
    [InlineData("hour=2001-05-02", "'hour=2001-05-02' is no partition of web/clicks by day, such as day=2001-05-01.")]
    [InlineData("day=yesterday", "'day=yesterday' is no partition of web/clicks by day, such as day=2001-05-01.")]
    [InlineData(null, "'' is no partition of web/clicks by day, such as day=2001-05-01.")]
    [InlineData("day=2001-04-30", "day=2001-04-30 is no execution date of counting, whose first one is 2001-05-01.")]
    [InlineData("day=2001-05-01", "it has more than one row for day=2001-05-01.")]
    public async Task A_row_that_cannot_be_is_a_fault_of_the_whole(string? partition, string fault)
    {
        await Append(("day=2001-05-01", false, 1), (partition, false, 1));
        (await Read()).ShouldBe(new StateTableRead($"The table of states partitions-state cannot be taken over: {fault}", Versions: null));
    }

    [Fact]
    public async Task Another_table_is_a_fault()
    {
        var schema = new TableSchema([new SchemaField("partition", new DataType.Primitive("string")), new SchemaField("isProcessed", new DataType.Primitive("boolean"))]);
        await DeltaTable.At(_dataset.Folder.FolderOf(States)).Create(Metadata.Create(Guid.NewGuid(), schema, [], DateTimeOffset.UnixEpoch), [], CommitOrigin.None);
        (await Read()).Fault.ShouldBe("The table of states partitions-state has no column lastProcessedVersion: its columns are partition string, isProcessed boolean, lastProcessedVersion long.");

        await _dataset.Created();
        (await Read(Clicks)).Fault.ShouldBe("The table of states web/clicks has a column page string: its columns are partition string, isProcessed boolean, lastProcessedVersion long.");
    }

    [Fact]
    public async Task A_table_that_says_of_nothing_that_it_was_processed_is_a_fault()
    {
        await Append(("day=2001-05-01", true, null));
        (await Read()).Fault.ShouldBe("The table of states partitions-state says of no partition that it was processed.");
    }

    [Fact]
    public async Task A_table_that_is_not_there_says_so() =>
        (await Should.ThrowAsync<ActivityFailedException>(() => Read())).Message.ShouldStartWith("The table of states partitions-state could not be read: no Delta table at ");

    private static LogicalDate Date(int day) => LogicalDate.Parse($"2001-05-{day:D2}");

    private Task Append(params (string? Partition, bool IsProcessed, long? Version)[] rows) => StateTable.Append(_dataset.Folder.FolderOf(States), rows);

    private Task<StateTableRead> Read(TablePath? table = null) => Run(
        new ReadStateTableHandler(_dataset.Folder, TimeProvider.System, Guid.NewGuid), new ReadStateTable(table ?? States, Pipeline(new Work.External("count"))));
}
