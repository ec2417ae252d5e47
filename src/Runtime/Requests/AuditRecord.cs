using System.Text;

namespace Latecomer.Runtime;

/// <summary>That somebody asked an actor for something: an entry in the journal, and a row of <see cref="Projection"/>, both written with the very turn that the request
/// led to. So there is no effect of a request whose origin is known without a record of who asked.</summary>
/// <param name="At">When, by the store's clock.</param>
/// <param name="Request">The request's id.</param>
/// <param name="Method">What was called.</param>
/// <param name="Caller">Who called.</param>
/// <param name="Address">From where.</param>
/// <param name="On">The actor that was asked; what was called, where none was.</param>
/// <param name="Detail">What exactly was asked, as JSON; cut where it is long.</param>
/// <param name="Status">How it was answered; null if not in the same turn: then the request's reply says it.</param>
/// <param name="Reason">Why not, for people; null if nothing was refused.</param>
public sealed record AuditRecord(
    DateTimeOffset At, string Request, string Method, string Caller, string Address, string On, string Detail, string? Status, string? Reason)
{
    /// <summary>The entry's type; no entry of an actor's own can have it.</summary>
    public const string Type = "$Asked";

    /// <summary>The projection of the rows: newest first, removed with the rest of history.</summary>
    public const string Projection = "audit";

    private const int DetailCharacters = 2_000;

    /// <summary>The key of its row.</summary>
    public string Key => $"{long.MaxValue - At.UtcTicks:D19}/{Request}";

    /// <summary>The record of a request.</summary>
    /// <param name="at">When it had its turn.</param>
    /// <param name="request">The request.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="on">The actor.</param>
    /// <param name="message">What it was told.</param>
    /// <param name="reply">What the turn replied; null if another will.</param>
    public static AuditRecord Of(DateTimeOffset at, RequestId request, RequestOrigin origin, ActorId on, SerializedMessage message, StoredReply? reply) => new(
        at, request.Value, origin.Method, origin.Caller, origin.Address, on.ToString(), $"{message.Type} {Text(message.Body)}", reply?.Status.ToString(), reply?.Message);

    /// <summary>Whether a journal entry is the runtime's own and none of its actor's: of those the actor knows nothing.</summary>
    public static bool IsOfRuntime(SerializedMessage entry) => entry.Type.StartsWith('$');

    private static string Text(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return text.Length <= DetailCharacters ? text : $"{text[..DetailCharacters]}...";
    }
}
