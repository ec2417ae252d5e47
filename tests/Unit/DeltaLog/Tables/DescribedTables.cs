using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Tables written by Spark, delta-rs, the kernels and by hand, against what an independent reader says of them.</summary>
public sealed class DescribedTables
{
    public static TheoryData<string> Shared => ExpectedTable.SharedNames;

    public static TheoryData<string> Handmade => ExpectedTable.HandmadeNames;

    [SharedTheory]
    [MemberData(nameof(Shared))]
    public Task A_table_of_another_writer_is_described_as_it_should_be(string name) => IsDescribed(ExpectedTable.LoadShared(name));

    [Theory]
    [MemberData(nameof(Handmade))]
    public Task A_table_made_by_hand_is_described_as_it_should_be(string name) => IsDescribed(ExpectedTable.LoadHandmade(name));

    private static async Task IsDescribed(ExpectedTable expected)
    {
        using var bytes = new MemoryStream();
        var error = await InspectionDocument.Write(new LocalLogStore(expected.Table), bytes);
        using var document = JsonDocument.Parse(bytes.ToArray());
        expected.Differences(document.RootElement).ShouldBeEmpty();
        (error is null).ShouldBe(expected.IsReadable);
        if (!expected.IsReadable)
        {
            string[] classes = [.. Classes(expected.Root.GetProperty("error"))];
            classes.ShouldContain(error!.Class.ToString(), error.Message);
        }
    }

    private static IEnumerable<string> Classes(JsonElement error) => error.TryGetProperty("acceptAlso", out var also)
        ? also.EnumerateArray().Select(other => other.GetString()!).Prepend(error.GetProperty("class").GetString()!)
        : [error.GetProperty("class").GetString()!];
}
