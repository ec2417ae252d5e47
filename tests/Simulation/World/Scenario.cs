using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Two pipelines and their tables, drawn from a seed.</summary>
internal sealed record Scenario(ImmutableArray<PipelineDefinition> Pipelines, ImmutableArray<TablePath> Tables, DateTimeOffset Begins)
{
    private static readonly TablePath Input = TablePath.Parse("input");
    private static readonly TablePath Side = TablePath.Parse("side");
    private static readonly TablePath First = TablePath.Parse("first");
    private static readonly TablePath Second = TablePath.Parse("second");

    public static Scenario Draw(SeededRandom random)
    {
        var begins = new DateTimeOffset(2024, 3, 10, 23, 30, 0, TimeSpan.Zero);
        var sameSchedule = random.Half();
        var schedule = random.Half() ? Schedule.Daily : Schedule.Hourly;
        var other = sameSchedule ? schedule : random.Half() ? Schedule.Daily : Schedule.Hourly;
        var first = Pipeline(random, "first", begins, schedule, Input, random.PerMille(150) ? Input : First);
        var second = Pipeline(random, "second", begins, other, other == schedule ? random.Pick([Input, First, First]) : Side, Second);
        return new Scenario([first, second], [Input, Side, First, Second], begins);
    }

    /// <summary>The definition with what may change changed.</summary>
    public static PipelineDefinition Redraw(PipelineDefinition definition, SeededRandom random)
    {
        var slots = random.Between(1, 3);
        return definition with
        {
            MaxActiveRuns = slots,
            MaxActiveBackfills = random.Between(1, slots),
            Retries = random.Between(0, 2),
            Lookback = random.PerMille(300) ? random.Between(1, 3) : null,
            MinRows = random.PerMille(300) ? 10 : 0,
        };
    }

    private static PipelineDefinition Pipeline(SeededRandom random, string name, DateTimeOffset begins, Schedule schedule, TablePath table, TablePath output)
    {
        var today = new LogicalDate(new DateTimeOffset(begins.UtcTicks - (begins.UtcTicks % schedule.Interval().Ticks), TimeSpan.Zero));
        var dates = random.Between(3, 5);
        var end = schedule.Shift(today, random.Between(-1, 1));
        var inputs = new List<PipelineInput> { InputOf(random, table, schedule) };
        if (random.PerMille(300) && table != Side && output != Side)
        {
            inputs.Add(InputOf(random, Side, schedule) with { Table = Side });
        }

        return Redraw(
            new PipelineDefinition(
                PipelineName.Parse(name), [.. inputs], schedule, schedule.Shift(end, 1 - dates), end, 1, 1, 0,
                TimeSpan.FromSeconds(random.Between(5, 60)), new Work.BuiltIn("work", "sum", output), name),
            random);
    }

    private static PipelineInput InputOf(SeededRandom random, TablePath table, Schedule schedule)
    {
        var (from, to) = random.Pick([(0, 0), (0, 0), (0, 0), (-2, 0), (-1, 1)]);
        return new PipelineInput(table, "part", schedule == Schedule.Daily ? "yyyy-MM-dd" : "yyyy-MM-dd-HH", from, to);
    }
}

/// <summary>What people and other programs do to the tables.</summary>
internal sealed class DataLoads(Scenario scenario, SimulatedWorld world, SeededRandom random)
{
    public void LoadFirst()
    {
        foreach (var pipeline in scenario.Pipelines)
        {
            foreach (var input in pipeline.Inputs)
            {
                var loaded = random.Below(Dates(pipeline).Count);
                foreach (var date in Dates(pipeline).Skip(1).Take(loaded))
                {
                    world.Append(input.Table, Added(input, date, 1));
                }
            }
        }
    }

    /// <summary>Gives every sensor what it may wait for.</summary>
    public void LoadLast()
    {
        foreach (var pipeline in scenario.Pipelines)
        {
            var primary = pipeline.Inputs[0];
            foreach (var date in Dates(pipeline).Where(d => world.Table(primary.Table).FilesOf(Values(primary, d)) == 0))
            {
                world.Append(primary.Table, Added(primary, date, 1));
            }
        }
    }

    /// <summary>Adds to a date that was processed, before another.</summary>
    public void LoadLate(DateOf before, Ledger ledger)
    {
        var pipeline = scenario.Pipelines.First(p => p.Name == before.Pipeline);
        var processed = Dates(pipeline).Where(d => d < before.Date && ledger.Date(before with { Date = d }).Processed is not null).ToList();
        if (processed.Count > 0)
        {
            world.Append(pipeline.Inputs[0].Table, Added(pipeline.Inputs[0], random.Pick(processed), 1));
        }
    }

    public void LoadSome()
    {
        var pipeline = random.Pick(scenario.Pipelines);
        var input = random.Pick(pipeline.Inputs);
        var date = random.Pick(Dates(pipeline));
        var files = world.Table(input.Table).FilesOf(Values(input, date));
        switch (random.Below(20))
        {
            case < 10:
                world.Append(input.Table, Added(input, date, random.Between(1, 2)));
                break;
            case < 12:
                world.Append(input.Table, [.. Dates(pipeline).Where(_ => random.Half()).Select(d => Added(input, d, 1))]);
                break;
            case < 15 when files > 0:
                world.Append(input.Table, new PartitionSeen(Values(input, date), 1, files, 0, 0, DataChange: false));
                break;
            case < 17:
                world.Append(input.Table, new PartitionSeen(Values(input, date), 1, files, random.Between(1, 20), 500, DataChange: true));
                break;
            case < 18 when files > 0:
                world.Append(input.Table, new PartitionSeen(Values(input, date), 0, files, 0, 0, DataChange: true));
                break;
            default:
                world.Append(input.Table, Unmappable(input, date));
                break;
        }
    }

    /// <summary>From before the first date to after the last.</summary>
    private static List<LogicalDate> Dates(PipelineDefinition pipeline) =>
        [.. new DateRange(pipeline.Schedule.Previous(pipeline.Start), pipeline.Schedule.Next(pipeline.End!.Value)).Dates(pipeline.Schedule)];

    private static ImmutableSortedDictionary<string, string?> Values(PipelineInput input, LogicalDate date) => SimulatedTable.Values(input.Column, input.ValueOf(date));

    private PartitionSeen Added(PipelineInput input, LogicalDate date, int files) =>
        new(Values(input, date), files, 0, random.Between(1, 20), 1000, DataChange: true);

    private PartitionSeen[] Unmappable(PipelineInput input, LogicalDate date) => random.Below(3) switch
    {
        0 => [new PartitionSeen(SimulatedTable.Values(input.Column, null), 1, 0, 5, 100, DataChange: true)],
        1 => [new PartitionSeen(SimulatedTable.Values(input.Column, "not a date"), 1, 0, 5, 100, DataChange: true), Added(input, date, 1)],
        _ => [new PartitionSeen(ImmutableSortedDictionary<string, string?>.Empty, 1, 0, 5, 100, DataChange: true)],
    };
}
