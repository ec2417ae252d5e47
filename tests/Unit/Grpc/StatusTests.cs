using System.Text.Json;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Tests.Unit.Grpc;

public sealed class StatusTests
{
    private static readonly Status Wrong = new Status(StatusCode.InvalidArgument, "it is wrong")
        .With(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "name", Description = "it is empty" } } })
        .With(new ErrorInfo { Reason = "NO_NAME", Domain = "latecomer" });

    public static TheoryData<StatusCode> Failures => [.. Enum.GetValues<StatusCode>().Where(c => c != StatusCode.Ok)];

    [Fact]
    public void Details_come_back()
    {
        var read = StatusDetails.Decode(new Status(Wrong.Code, Wrong.Message), StatusDetails.Encode(Wrong));
        read.Details.ShouldBe(Wrong.Details);
        read.Detail<BadRequest>()!.FieldViolations.Single().Field.ShouldBe("name");
        read.Detail<RetryInfo>().ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no base64!")]
    [InlineData("////")]
    [InlineData("CAE")]
    public void Details_that_are_none_or_of_another_code_are_left_out(string? text) =>
        StatusDetails.Decode(new Status(StatusCode.NotFound, "gone"), text).Details.ShouldBeEmpty();

    [Fact]
    public void Trailers_carry_the_status()
    {
        var trailers = new HeaderDictionary();
        GrpcTrailers.Write(trailers, Wrong with { Message = "10 % höher" }, new Metadata { { "x-note", "yes" } });
        trailers["grpc-status"].ToString().ShouldBe("3");
        trailers["grpc-message"].ToString().ShouldBe("10 %25 h%C3%B6her");
        trailers["x-note"].ToString().ShouldBe("yes");
        trailers.ShouldContainKey("grpc-status-details-bin");
    }

    [Fact]
    public void A_long_message_is_cut_so_that_headers_stay_small()
    {
        var trailers = new HeaderDictionary();
        GrpcTrailers.Write(trailers, new Status(StatusCode.Internal, string.Concat(Enumerable.Repeat("🙂", 5000))), metadata: null);
        trailers["grpc-message"].ToString().Length.ShouldBeLessThan(8000);
        PercentEncoding.Decode(trailers["grpc-message"].ToString()).ShouldEndWith("🙂...");
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Each_code_has_one_name_in_connect_and_an_http_status(StatusCode code)
    {
        ConnectCodes.TryParse(code.ConnectName()).ShouldBe(code);
        code.HttpStatus().ShouldBeInRange(400, 599);
    }

    [Fact]
    public void An_error_of_connect_is_code_message_and_details()
    {
        using var body = new PooledBuffer(int.MaxValue);
        ConnectError.Write(body, Wrong);
        var error = JsonDocument.Parse(body.Written).RootElement;
        error.GetProperty("code").GetString().ShouldBe("invalid_argument");
        error.GetProperty("message").GetString().ShouldBe("it is wrong");
        error.GetProperty("details")[0].GetProperty("type").GetString().ShouldBe("google.rpc.BadRequest");
        error.GetProperty("details")[0].GetProperty("debug").GetProperty("fieldViolations")[0].GetProperty("field").GetString().ShouldBe("name");
        BinaryValue.TryDecode(error.GetProperty("details")[1].GetProperty("value").GetString()!).ShouldBe(Wrong.Details[1].Value.ToByteArray());
    }
}
