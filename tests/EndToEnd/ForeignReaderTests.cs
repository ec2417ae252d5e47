using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>What the program writes is what others read.</summary>
public sealed class ForeignReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_foreign_reader_finds_the_rows_of_the_json_input_in_each_partition_that_was_loaded()
    {
        var day = new SeedsDay(_folder.Path);
        for (var load = 0; load < SeedsDay.Loads.Count; load++)
        {
            await day.Load(load);
        }

        Outcome.LoadsShouldBe(day);
        var partitions = await ForeignReader.Partitions(day.Devices);
        partitions.Keys.Order().ShouldBe(SeedsDay.Loads.Distinct());
        foreach (var (date, rows) in partitions)
        {
            rows.Count.ShouldBe(Scenario.LateDates.Contains(date) ? 200 : 100, date);
            rows.ShouldBe(Enumerable.Range(0, SeedsDay.Loads.Count).Where(load => SeedsDay.Loads[load] == date)
                .SelectMany(load => ForeignReader.JsonLines(day.InputFile(load))).Order(StringComparer.Ordinal), ignoreOrder: false, date);
        }
    }
}
