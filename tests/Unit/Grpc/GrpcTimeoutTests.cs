using Latecomer.Grpc;

namespace Latecomer.Tests.Unit.Grpc;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3000)]
    [InlineData("4m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    [InlineData("0m", 0)]
    [InlineData("99999999H", 99_999_999L * 3_600_000)]
    public void A_timeout_is_digits_and_a_unit(string text, long milliseconds) =>
        GrpcTimeout.TryParse(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData(" 1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("٣S")]
    public void Anything_else_is_none(string text) => GrpcTimeout.TryParse(text).ShouldBeNull();

    [Fact]
    public void Less_than_a_tick_is_a_tick() => GrpcTimeout.TryParse("1n").ShouldBe(TimeSpan.FromTicks(1));

    [Theory]
    [InlineData(0, "0u")]
    [InlineData(1, "1u")]
    [InlineData(25_000, "2500u")]
    [InlineData(99_999_999 * TimeSpan.TicksPerMicrosecond, "99999999u")]
    [InlineData((99_999_999 * TimeSpan.TicksPerMicrosecond) + 1, "100000m")]
    [InlineData(long.MaxValue, "99999999H")]
    public void A_timeout_is_written_in_the_finest_unit_that_holds_it(long ticks, string text)
    {
        GrpcTimeout.Format(TimeSpan.FromTicks(ticks)).ShouldBe(text);
        if (ticks < long.MaxValue)
        {
            GrpcTimeout.TryParse(text)!.Value.Ticks.ShouldBeGreaterThanOrEqualTo(ticks, "a caller never waits for less than was meant");
        }
    }
}
