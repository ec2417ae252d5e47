using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Latecomer.Grpc;
using Latecomer.Tests.Testing.Grpc;

namespace Latecomer.Tests.Unit.Grpc;

public sealed class FrameTests
{
    private const int Most = 10_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_come_back_however_the_bytes_are_cut(bool isGzip)
    {
        EchoRequest[] sent = [new(), new() { Text = "one" }, new() { Text = "two", Payload = ByteString.CopyFrom(new byte[5000]) }];
        var bytes = Frames(isGzip, sent);
        foreach (var piece in (int[])[1, 3, 7, bytes.Length])
        {
            (await ReadAll(bytes, piece, isGzip)).ShouldBe(sent);
        }
    }

    [Fact]
    public async Task A_length_beyond_the_limit_is_refused_before_its_bytes_come() =>
        (await Refused([0, 0x7f, 0xff, 0xff, 0xff])).Code.ShouldBe(StatusCode.ResourceExhausted);

    [Fact]
    public async Task A_length_with_the_highest_bit_is_a_length() =>
        (await Refused([0, 0xff, 0xff, 0xff, 0xff])).Message.ShouldContain("4294967295");

    [Fact]
    public async Task A_small_message_that_becomes_large_is_refused() =>
        (await Refused(Frames(isGzip: true, new EchoRequest { Payload = ByteString.CopyFrom(new byte[Most * 50]) }), isGzip: true)).Code.ShouldBe(StatusCode.ResourceExhausted);

    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 1 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 0xff, 0xff })]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 })]
    public async Task What_is_no_message_is_refused(byte[] bytes) => (await Refused(bytes)).Code.ShouldBe(StatusCode.Internal);

    [Fact]
    public async Task What_is_no_gzip_is_refused() => (await Refused([1, 0, 0, 0, 3, 1, 2, 3], isGzip: true)).Code.ShouldBe(StatusCode.Internal);

    [Fact]
    public void A_response_beyond_the_limit_is_not_begun()
    {
        var target = new ArrayBufferWriter<byte>();
        Should.Throw<RpcException>(() => new FrameWriter(compressFrom: null, mostBytes: 10).Write(target, new EchoRequest { Text = new string('x', 20) }))
            .Status.Code.ShouldBe(StatusCode.ResourceExhausted);
        target.WrittenCount.ShouldBe(0);
    }

    private static byte[] Frames(bool isGzip, params EchoRequest[] messages)
    {
        var target = new ArrayBufferWriter<byte>();
        foreach (var message in messages)
        {
            new FrameWriter(isGzip ? 0 : null, int.MaxValue).Write(target, message);
        }

        return target.WrittenSpan.ToArray();
    }

    private static async Task<Status> Refused(byte[] bytes, bool isGzip = false) =>
        (await Should.ThrowAsync<RpcException>(() => ReadAll(bytes, bytes.Length, isGzip))).Status;

    private static async Task<List<IMessage>> ReadAll(byte[] bytes, int piece, bool isGzip)
    {
        var pipe = new Pipe();
        var reader = new FrameReader(pipe.Reader, EchoRequest.Parser, isGzip, Most);
        var reading = Read();
        foreach (var part in bytes.Chunk(piece))
        {
            await pipe.Writer.WriteAsync(part);
        }

        await pipe.Writer.CompleteAsync();
        return await reading;

        async Task<List<IMessage>> Read()
        {
            var messages = new List<IMessage>();
            while (await reader.Read(CancellationToken.None) is { } message)
            {
                messages.Add(message);
            }

            return messages;
        }
    }
}
