using FsCheck.Fluent;
using Latecomer.Grpc;

namespace Latecomer.Tests.Unit.Grpc;

public sealed class PercentEncodingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text ~ !", "plain text ~ !")]
    [InlineData("100%", "100%25")]
    [InlineData("zwölf\n", "zw%C3%B6lf%0A")]
    [InlineData("🙂", "%F0%9F%99%82")]
    public void Text_is_encoded_as_the_protocol_says(string text, string encoded)
    {
        PercentEncoding.Encode(text).ShouldBe(encoded);
        PercentEncoding.Decode(encoded).ShouldBe(text);
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%2", "%2")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%e4%25", "\uFFFD%")]
    public void What_is_no_encoding_stands_for_itself(string broken, string text) => PercentEncoding.Decode(broken).ShouldBe(text);

    [Fact]
    public void Any_text_comes_back_and_is_printable_in_between() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<string?>(any =>
    {
        var text = new string([.. (any ?? "").Where(c => !char.IsSurrogate(c))]);
        var encoded = PercentEncoding.Encode(text);
        return encoded.All(c => c is >= ' ' and <= '~') && PercentEncoding.Decode(encoded) == text;
    }));
}
