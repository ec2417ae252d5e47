using System.Text.Json;
using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Parquet;
using Latecomer.Runtime;
using static Latecomer.Tests.Unit.Activities.TemporaryDataset;

namespace Latecomer.Tests.Unit.Activities;

public sealed class BuiltInFacts : IDisposable
{
    private static readonly TablePath Counts = TablePath.Parse("counts");
    private static readonly LogicalDate FirstOfMay = LogicalDate.Parse("2001-05-01");
    private readonly TemporaryDataset _dataset = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task A_partition_is_read_at_the_pin_and_replaces_that_of_the_output()
    {
        await Click("2001-05-01", "home", "home", "news");
        await Click("2001-05-02", "home");
        var run = await WorkOn(FirstOfMay, hold: 1);
        await Click("2001-05-01", "late");

        (await Do(run)).Note.ShouldBe("wrote day=2001-05-01 as version 0 of counts");
        (await Output("2001-05-01")).ShouldBe([("home", 2), ("news", 1)]);

        (await Do(await WorkOn(FirstOfMay, hold: 2))).Note.ShouldBe("wrote day=2001-05-01 as version 1 of counts");
        (await Output("2001-05-01")).ShouldBe([("home", 2), ("late", 1), ("news", 1)]);
        (await Output("2001-05-02")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_commit_says_which_run_made_it_under_which_hold()
    {
        await Click("2001-05-01", "home");
        await Do(await WorkOn(FirstOfMay, hold: 7));

        var output = await Table(Counts).ReadSnapshot();
        output.Transactions["latecomer/counting/day=2001-05-01"].Version.ShouldBe(7);
        output.Transactions["scheduled__2001-05-01T00:00:00Z"].Version.ShouldBe(7);
        var read = await Run(new ReadCommitsHandler(_dataset.Folder, TimeProvider.System), new ReadCommits(Counts, null, LogCursor.Beginning, 10));
        read.Commits.ShouldHaveSingleItem().Run.ShouldBe(RunId.Scheduled(FirstOfMay));
        read.Commits[0].Pipeline.ShouldBe(PipelineName.Parse("counting"));
        (await File.ReadAllTextAsync(Path.Combine(_dataset.Folder.FolderOf(Counts), "_delta_log", "00000000000000000000.json")))
            .ShouldContain("\"tags\":{\"latecomer.pipeline\":\"counting\",\"latecomer.runId\":\"scheduled__2001-05-01T00:00:00Z\",\"latecomer.holdNumber\":\"7\"}");
    }

    [Fact]
    public async Task Under_one_hold_there_is_one_commit_however_often_it_is_tried()
    {
        await Click("2001-05-01", "home");
        var run = await WorkOn(FirstOfMay, hold: 3);

        await Do(run);
        (await Do(run with { Try = 2 })).Note.ShouldBe("had written day=2001-05-01 as version 0 of counts");

        (await Table(Counts).ReadSnapshot()).Version.ShouldBe(0);
    }

    [Fact]
    public async Task Attempts_at_once_make_one_commit_per_partition()
    {
        var dates = Enumerable.Range(1, 4).Select(day => LogicalDate.Parse($"2001-05-0{day}")).ToArray();
        foreach (var date in dates)
        {
            await Click($"{date.Start:yyyy-MM-dd}", "home");
        }

        for (var hold = 1; hold <= 3; hold++)
        {
            var attempts = dates.Length * 3;
            var ready = new TaskCompletionSource();
            async Task Gate()
            {
                if (Interlocked.Decrement(ref attempts) == 0)
                {
                    ready.SetResult();
                }

                await ready.Task;
            }

            var all = new List<Task>();
            foreach (var date in dates)
            {
                var run = await WorkOn(date, hold);
                all.AddRange(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Do(run, Gate))));
            }

            await Task.WhenAll(all);
            (await Table(Counts).ReadSnapshot()).Version.ShouldBe((dates.Length * hold) - 1);
        }

        foreach (var date in dates)
        {
            (await Output($"{date.Start:yyyy-MM-dd}")).ShouldBe([("home", 1)]);
        }
    }

    [Fact]
    public async Task A_run_whose_hold_was_followed_by_another_writes_nothing()
    {
        await Click("2001-05-01", "home");
        await Do(await WorkOn(FirstOfMay, hold: 5));

        (await Should.ThrowAsync<ActivityFailedException>(Do(await WorkOn(FirstOfMay, hold: 4)))).Message.ShouldContain("hold 5, and this is hold 4");

        (await Table(Counts).ReadSnapshot()).Version.ShouldBe(0);
        Directory.EnumerateFiles(_dataset.Folder.FolderOf(Counts), "*.parquet", SearchOption.AllDirectories).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_recreated_input_is_refused()
    {
        await Click("2001-05-01", "home");
        var run = await WorkOn(FirstOfMay, hold: 1);
        Directory.Delete(_dataset.Folder.FolderOf(Clicks), recursive: true);
        await Click("2001-05-01", "other");

        (await Should.ThrowAsync<ActivityFailedException>(Do(run))).Message.ShouldStartWith("web/clicks was recreated");
        Directory.Exists(_dataset.Folder.FolderOf(Counts)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_column_mapped_input_is_read_by_the_names_of_its_files()
    {
        await Append("col-1", "col-2", "2001-05-01", "home", "home", "shop");
        await Append("col-1", "col-2", "2001-05-02", "other");
        await Map(Clicks, ("page", "col-1"), ("day", "col-2"));

        await Do(await WorkOn(FirstOfMay, hold: 1));

        (await Output("2001-05-01")).ShouldBe([("home", 2), ("shop", 1)]);
    }

    [Fact]
    public async Task A_column_mapped_output_is_refused_by_name()
    {
        await Click("2001-05-01", "home");
        await Do(await WorkOn(FirstOfMay, hold: 1));
        await Map(Counts, ("page", "page"), ("count", "count"), ("day", "day"));

        (await Should.ThrowAsync<ActivityFailedException>(async () => await Do(await WorkOn(FirstOfMay, hold: 2)))).Message.ShouldContain("columnMapping");
    }

    [Fact]
    public async Task A_window_reads_all_its_dates()
    {
        foreach (var day in (string[])["2001-04-28", "2001-04-29", "2001-04-30", "2001-05-01", "2001-05-02"])
        {
            await Click(day, day);
        }

        var definition = Pipeline(new Work.BuiltIn("count", "page_count", Counts), inputs: new PipelineInput(Clicks, "day", "yyyy-MM-dd", -2, 0));
        await Do((await WorkOn(FirstOfMay, hold: 1)) with { Definition = definition });

        (await Output("2001-05-01")).Select(row => row.Page).ShouldBe(["2001-04-29", "2001-04-30", "2001-05-01"]);
    }

    [Fact]
    public async Task A_partition_that_holds_nothing_leaves_an_empty_one_and_a_commit()
    {
        await Click("2001-05-02", "home");

        await Do(await WorkOn(FirstOfMay, hold: 1));

        (await Output("2001-05-01")).ShouldBeEmpty();
        (await Table(Counts).ReadSnapshot()).Transactions["latecomer/counting/day=2001-05-01"].Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_data_file_that_is_gone_is_told_in_a_sentence()
    {
        await Click("2001-05-01", "home");
        var run = await WorkOn(FirstOfMay, hold: 1);
        Directory.Delete(Path.Combine(_dataset.Folder.FolderOf(Clicks), "day=2001-05-01"), recursive: true);

        (await Should.ThrowAsync<ActivityFailedException>(Do(run))).Message.ShouldContain("is gone");
    }

    private Task Click(string day, params string[] pages) => Append("page", "day", day, pages);

    private async Task Append(string pageColumn, string dayColumn, string day, params string[] pages)
    {
        var definition = new TableDefinition(new TableSchema([new(pageColumn, new DataType.Primitive("string")), new(dayColumn, new DataType.Primitive("string"))]), [dayColumn]);
        var batch = new ColumnBatch(new ParquetSchema([new ParquetColumn(pageColumn, new ColumnType.String())]), [BinaryColumn.From(pages)]);
        await DeltaWriter.At(_dataset.Folder.FolderOf(Clicks)).AppendRows(definition, PartitionValues.Of(dayColumn, day), AsyncEnumerable.Repeat(batch, 1), CommitOrigin.None);
    }

    private async Task<RunWork> WorkOn(LogicalDate date, long hold)
    {
        var input = await Table(Clicks).ReadSnapshot();
        return new RunWork(
            Pipeline(new Work.BuiltIn("count", "page_count", Counts)), date, RunId.Scheduled(date), 1,
            Pin.None.With(Clicks, new TablePin(input.TableId, input.Version)), hold, $"key/{date}/{hold}");
    }

    private Task<WorkReport> Do(RunWork run, Func<Task>? gate = null)
    {
        var builtIns = new BuiltInRun(_dataset.Folder, new BuiltInWorks([new PageCount(gate)]), TimeProvider.System, Guid.NewGuid);
        return Run(new RunWorkHandler(builtIns, new CommandRun(_dataset.Folder, _dataset.State, new CommandSettings(), TimeProvider.System)), run);
    }

    private DeltaTable Table(TablePath path) => DeltaTable.At(_dataset.Folder.FolderOf(path));

    private async Task<List<(string Page, long Count)>> Output(string day)
    {
        var rows = new List<(string, long)>();
        var snapshot = await Table(Counts).ReadSnapshot();
        await foreach (var batch in DeltaReader.At(_dataset.Folder.FolderOf(Counts)).ReadFiles(snapshot, PartitionValues.Of("day", day)))
        {
            using (batch)
            {
                rows.AddRange(Enumerable.Range(0, batch.RowCount).Select(row => (((BinaryColumn)batch["page"]).GetString(row)!, ((ValueColumn<long>)batch["count"]).Values[row])));
            }
        }

        return rows;
    }

    /// <summary>Turns column mapping on, as Spark does for a table that exists, and gives its columns names for people.</summary>
    private async Task Map(TablePath path, params (string Name, string Physical)[] columns)
    {
        var table = await Table(path).ReadSnapshot();
        var fields = columns.Select(column => new SchemaField(column.Name, table.Metadata.Schema.Find(column.Physical)!.Type)
        {
            Metadata = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.columnMapping.physicalName"] = column.Physical },
        });
        var metadata = new
        {
            id = table.TableId,
            schemaString = new TableSchema([.. fields]).ToJson(),
            partitionColumns = new[] { columns[^1].Name },
            configuration = new Dictionary<string, string>(StringComparer.Ordinal) { ["delta.columnMapping.mode"] = "name" },
        };
        await File.WriteAllLinesAsync(
            Path.Combine(_dataset.Folder.FolderOf(path), "_delta_log", LogFile.CommitName(table.Version + 1)),
            ["""{"protocol":{"minReaderVersion":2,"minWriterVersion":5}}""", JsonSerializer.Serialize(new { metaData = metadata })]);
    }
}
