using Google.Protobuf;

namespace Latecomer.Node.Http;

/// <summary>The answer to a call.</summary>
internal abstract record ApiReply
{
    private ApiReply()
    {
    }

    /// <summary>Done.</summary>
    public sealed record Ok(IMessage Body) : ApiReply;

    /// <summary>Not done; the message is for people.</summary>
    public sealed record Refused(ApiCode Code, string Message) : ApiReply;
}
