using Latecomer.Node.Cli;
using Latecomer.Node.Devices;

namespace Latecomer.Tests.Unit.Node;

public sealed class DeviceGeneratorTests
{
    [Fact]
    public void The_same_seed_gives_the_same_rows() =>
        DeviceGenerator.Generate(100, 7, 0).OnTime.ShouldBe(DeviceGenerator.Generate(100, 7, 0).OnTime);

    [Fact]
    public void Another_seed_gives_other_rows() =>
        DeviceGenerator.Generate(100, 7, 0).OnTime.ShouldNotBe(DeviceGenerator.Generate(100, 8, 0).OnTime);

    [Fact]
    public void Rows_on_time_and_late_rows_are_together_the_same_rows_whatever_the_share()
    {
        var whole = DeviceGenerator.Generate(100, 7, 0).OnTime;
        var split = DeviceGenerator.Generate(100, 7, 0.25);
        split.Late.Count.ShouldBe(25);
        split.OnTime.Concat(split.Late).ShouldBe(whole, ignoreOrder: true);
    }

    [Fact]
    public void Rows_read_back_as_they_were_written()
    {
        var rows = DeviceGenerator.Generate(50, 3, 0).OnTime;
        using var text = new StringWriter();
        DeviceLines.Write(text, rows);
        DeviceLines.Read(new StringReader(text.ToString()), "rows.jsonl").ShouldBe(rows);
    }

    [Theory]
    [InlineData("""{"type":"mac","full_name":"iMac"}""")]
    [InlineData("""{"type":"mac","full_name":"iMac","version":null}""")]
    [InlineData("""{"type":"mac","full_name":"iMac","version":"1","colour":"red"}""")]
    [InlineData("mac")]
    public void A_line_that_is_no_device_is_refused_with_its_place(string line) =>
        Should.Throw<Refusal>(() => DeviceLines.Read(new StringReader("\n" + line), "rows.jsonl")).Message.ShouldStartWith("rows.jsonl:2: ");
}
