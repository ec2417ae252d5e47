using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Tables written by Spark, delta-rs, the kernels and by hand, against what an independent reader says of them.</summary>
public sealed class SharedTables
{
    public static TheoryData<string> Names() => SharedTestData.SkipReason is null ? [.. ExpectedTable.Names(Folder())] : [];

    [SharedTheory]
    [MemberData(nameof(Names))]
    public async Task A_table_is_described_as_it_should_be(string name)
    {
        var expected = ExpectedTable.Load(Folder(), name);
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

    private static string Folder() => Path.Combine(SharedTestData.Root, "delta");
}
