using Latecomer.Contracts;

namespace Latecomer.Tests.Unit.Contracts;

public sealed class PipelineInputFacts
{
    private const string Timestamp = "yyyy-MM-dd HH:mm:ss";

    [Theory]
    [InlineData("2024-01-02 03:00:00")]
    [InlineData("2024-01-02 03:00:00.000")]
    [InlineData("2024-01-02T03:00:00.000000Z")]
    [InlineData("2024-01-02T03:00:00Z")]
    [InlineData("2024-01-02T05:00:00+02:00")]
    public void Every_spelling_of_a_timestamp_is_the_same_date_where_the_format_has_a_time(string value)
    {
        Input(Timestamp).DateOf(value).ShouldBe(LogicalDate.Parse("2024-01-02T03:00:00Z"));
        Input("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'").DateOf(value).ShouldBe(LogicalDate.Parse("2024-01-02T03:00:00Z"));
    }

    [Theory]
    [InlineData("yyyy-MM-dd", "2024-01-02 00:00:00")]
    [InlineData("yyyy-MM-dd-HH", "2024-01-02T03:00:00Z")]
    [InlineData(Timestamp, "2024-01-02 03:00:00.5")]
    [InlineData(Timestamp, "2024-01-02")]
    [InlineData(Timestamp, null)]
    public void What_the_format_does_not_write_is_no_date(string format, string? value) => Input(format).DateOf(value).ShouldBeNull();

    private static PipelineInput Input(string format) => new(TablePath.Parse("t"), "at", format, 0, 0);
}
