using System.Text;

namespace Latecomer.Tests.Fuzz;

/// <summary>Sums up what was read, so that two answers can be compared (FNV-1a). Takes what is written to it as a stream.</summary>
internal sealed class Digest : Stream
{
    private const ulong Prime = 0x100000001B3;

    public ulong Value { get; private set; } = 0xCBF29CE484222325;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BitConverter.TryWriteBytes(bytes, number);
        Write(bytes);
    }

    public void Add(string? text) => Write(text is null ? [0xFF] : Encoding.UTF8.GetBytes(text + "\0"));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var value = Value;
        foreach (var next in buffer)
        {
            value = (value ^ next) * Prime;
        }

        Value = value;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
