using Latecomer.Grpc;

namespace Latecomer.Tests.Unit.Grpc;

public sealed class MetadataTests
{
    [Fact]
    public void Names_are_found_in_any_case() => new Metadata { { "X-Name", "a" } }["x-nAME"].ShouldBe("a");

    [Fact]
    public void Bytes_come_back()
    {
        var metadata = new Metadata();
        metadata.Add("key-bin", [0, 255, 7]);
        metadata["key-bin"].ShouldBe("AP8H");
        metadata.Bytes("key-bin").ShouldBe([0, 255, 7]);
    }

    [Theory]
    [InlineData("AQ", new byte[] { 1 })]
    [InlineData("AQ==", new byte[] { 1 })]
    [InlineData("", new byte[0])]
    public void Base64_is_read_with_and_without_padding(string text, byte[] bytes) => BinaryValue.TryDecode(text).ShouldBe(bytes);

    [Fact]
    public void Values_of_bytes_may_come_joined_by_commas()
    {
        var metadata = new Metadata();
        metadata.Take("key-bin", "AQ,Ag==");
        metadata.Select(m => m.Value).ShouldBe(["AQ", "Ag=="]);
    }

    [Fact]
    public void What_is_no_base64_is_the_callers_fault()
    {
        var metadata = new Metadata();
        metadata.Take("key-bin", "%%%");
        Should.Throw<RpcException>(() => metadata.Bytes("key-bin")).Status.Code.ShouldBe(StatusCode.InvalidArgument);
    }

    [Theory]
    [InlineData("grpc-status", "1")]
    [InlineData("content-type", "x")]
    [InlineData("", "x")]
    [InlineData("a b", "x")]
    [InlineData("key-bin", "x")]
    [InlineData("key", "two\nlines")]
    [InlineData("key", "höher")]
    public void What_cannot_travel_is_refused(string name, string value) => Should.Throw<ArgumentException>(() => new Metadata { { name, value } });
}
