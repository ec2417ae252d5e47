using Google.Protobuf;

namespace Latecomer.Grpc;

/// <summary>The value of <c>grpc-status-details-bin</c>: the whole status as <c>google.rpc.Status</c>.</summary>
internal static class StatusDetails
{
    /// <summary>The header.</summary>
    public const string Header = "grpc-status-details-bin";

    /// <summary>Writes it.</summary>
    public static string Encode(Status status)
    {
        var wire = new Wire.Status { Code = (int)status.Code, Message = status.Message };
        wire.Details.AddRange(status.Details);
        return BinaryValue.Encode(wire.ToByteArray());
    }

    /// <summary>Reads it into a status whose code and message came beside it; without details if it is none of that status.</summary>
    public static Status Decode(Status status, string? text)
    {
        if (text is null || BinaryValue.TryDecode(text) is not { } bytes)
        {
            return status;
        }

        try
        {
            var wire = Wire.Status.Parser.ParseFrom(bytes);
            return wire.Code == (int)status.Code ? status with { Details = [.. wire.Details] } : status;
        }
        catch (InvalidProtocolBufferException)
        {
            return status;
        }
    }
}
