using System.Collections.Immutable;
using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using static Latecomer.Tests.Unit.Activities.TemporaryDataset;

namespace Latecomer.Tests.Unit.Activities;

public sealed class CheckPipelineFacts : IDisposable
{
    private static readonly Work Summary = new Work.BuiltIn("count", "page_count", TablePath.Parse("counts"));
    private readonly TemporaryDataset _dataset = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task A_pipeline_whose_tables_and_work_are_there_has_no_fault()
    {
        await _dataset.Created();

        (await Fault(Pipeline(Summary))).ShouldBeNull();
        (await Fault(Pipeline(Command("sh", "{date}", "{{x}}", "{\"a\": 1}", "{pin.web/clicks}")))).ShouldBeNull();
        Directory.EnumerateFileSystemEntries(_dataset.Folder.Path).Select(Path.GetFileName).ShouldBe(["web"]);
    }

    [Fact]
    public async Task An_input_that_is_no_table_is_a_fault() =>
        (await Fault(Pipeline(Summary))).ShouldNotBeNull().ShouldStartWith("The input web/clicks cannot be read: no Delta table at ");

    [Fact]
    public async Task An_input_that_cannot_be_followed_is_a_fault()
    {
        await _dataset.Created();
        await File.WriteAllTextAsync(_dataset.LogFile(1), """{"protocol":{"minReaderVersion":9,"minWriterVersion":7}}""" + "\n");

        (await Fault(Pipeline(Summary))).ShouldNotBeNull().ShouldContain("reader version 9");
    }

    [Fact]
    public async Task An_input_with_other_partitions_is_a_fault()
    {
        await _dataset.Created();

        (await Fault(Pipeline(Summary, inputs: new PipelineInput(Clicks, "hour", "yyyy-MM-dd", 0, 0))))
            .ShouldBe("The input web/clicks is not partitioned by 'hour': it is by day.");
    }

    [Theory]
    [InlineData("timestamp", "yyyy-MM-dd", "has 'day' as timestamp, and partitionFormat 'yyyy-MM-dd' makes 2001-05-01 of a date, which is none.")]
    [InlineData("date", "yyyyMMdd", "has 'day' as date, and partitionFormat 'yyyyMMdd' makes 20010501 of a date, which is none.")]
    [InlineData("integer", "yyyy-MM-dd", "has 'day' as integer")]
    [InlineData("timestamp", "yyyy-MM-dd HH:mm:ss", null)]
    [InlineData("integer", "yyyyMMdd", null)]
    [InlineData("date", "yyyy-MM-dd", null)]
    public async Task A_format_that_writes_no_value_of_the_partition_column_is_a_fault(string type, string format, string? fault)
    {
        var schema = new TableSchema([new SchemaField("page", new DataType.Primitive("string")), new SchemaField("day", new DataType.Primitive(type))]);
        await _dataset.Table.Create(Metadata.Create(Guid.NewGuid(), schema, ["day"], DateTimeOffset.UnixEpoch), [], CommitOrigin.None);

        var found = await Fault(Pipeline(Summary, inputs: new PipelineInput(Clicks, "day", format, 0, 0)));
        if (fault is null)
        {
            found.ShouldBeNull();
        }
        else
        {
            found.ShouldNotBeNull().ShouldContain(fault);
        }
    }

    [Theory]
    [InlineData("..")]
    [InlineData("/tmp")]
    [InlineData("a/../../b")]
    public async Task A_folder_outside_of_the_dataset_is_a_fault(string folder)
    {
        await _dataset.Created();
        (await Fault(Pipeline(Summary, folder))).ShouldNotBeNull().ShouldContain("relative to the dataset folder");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_a_fault()
    {
        await _dataset.Created();
        await File.WriteAllTextAsync(Path.Combine(_dataset.Folder.Path, "taken"), "");
        (await Fault(Pipeline(Summary, "taken/below"))).ShouldNotBeNull().ShouldContain("is a file");
    }

    [Fact]
    public async Task A_built_in_that_nobody_knows_is_a_fault()
    {
        await _dataset.Created();
        (await Fault(Pipeline(new Work.BuiltIn("count", "guess", TablePath.Parse("counts")))))
            .ShouldBe("There is no built-in work 'guess': there is page_count.");
    }

    [Fact]
    public async Task A_built_in_that_would_write_what_it_reads_is_a_fault()
    {
        await _dataset.Created();
        (await Fault(Pipeline(new Work.BuiltIn("count", "page_count", Clicks)))).ShouldNotBeNull().ShouldContain("which it reads");
    }

    [Fact]
    public async Task An_output_that_is_another_table_is_a_fault()
    {
        await _dataset.Created();
        var other = new TableSchema([new SchemaField("page", new DataType.Primitive("long")), new SchemaField("day", new DataType.Primitive("string"))]);
        await DeltaTable.At(Path.Combine(_dataset.Folder.Path, "counts")).Create(
            Metadata.Create(Guid.NewGuid(), other, ["day"], DateTimeOffset.UnixEpoch), [], CommitOrigin.None);

        (await Fault(Pipeline(Summary))).ShouldNotBeNull().ShouldContain("column page is long");
    }

    [Fact]
    public async Task An_output_folder_with_something_else_in_it_is_a_fault_and_what_a_crash_left_is_none()
    {
        await _dataset.Created();
        Directory.CreateDirectory(Path.Combine(_dataset.Folder.Path, "counts", "day=2001-05-01"));
        (await Fault(Pipeline(Summary))).ShouldBeNull();

        await File.WriteAllTextAsync(Path.Combine(_dataset.Folder.Path, "counts", "notes.txt"), "");
        (await Fault(Pipeline(Summary))).ShouldNotBeNull().ShouldContain("holds notes.txt");
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_fault()
    {
        await _dataset.Created();
        (await Fault(Pipeline(Command("no-such-program")))).ShouldNotBeNull().ShouldContain("'no-such-program' is not on the node's PATH");

        await File.WriteAllTextAsync(Path.Combine(_dataset.Folder.Path, "tool"), "");
        (await Fault(Pipeline(Command("./tool")))).ShouldNotBeNull().ShouldContain("not executable");
    }

    [Theory]
    [InlineData("{dat}", "'{dat}' in '{dat}' is no placeholder")]
    [InlineData("${HOME}", "write '{{HOME}}'")]
    [InlineData("{pin.other}", "names no input")]
    public async Task A_placeholder_that_nobody_knows_is_a_fault(string argument, string sentence)
    {
        await _dataset.Created();
        (await Fault(Pipeline(Command("sh", argument)))).ShouldNotBeNull().ShouldContain(sentence);
    }

    private static Work Command(string program, params string[] arguments) =>
        new Work.Command("note", program, [.. arguments], ImmutableSortedDictionary<string, string>.Empty);

    private async Task<string?> Fault(PipelineDefinition definition) => (await Run(
        new CheckPipelineHandler(_dataset.Folder, new BuiltInWorks([new PageCount()]), TimeProvider.System, Guid.NewGuid), new CheckPipeline(definition))).Fault;
}
