using Google.Protobuf;
using Latecomer.Actors;
using Latecomer.Grpc;
using Latecomer.Runtime;

namespace Latecomer.Node.Access;

/// <summary>Has the audit note calls that no actor's turn has a record of. A note is durable before its call is answered.</summary>
internal sealed class AuditNotes(RequestEdge edge, TimeProvider time, Func<Guid> newId)
{
    private const int DetailCharacters = 2_000;

    // So that whoever is denied cannot fill the journal: beyond these the denied are counted, and the next note says how many.
    private const int DeniedAtOnce = 100;
    private static readonly TimeSpan DeniedEvery = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private double _room = DeniedAtOnce;
    private long _last = time.GetTimestamp();
    private long _unnoted;

    /// <summary>Notes how a call ended.</summary>
    public Task Note(RpcCall call, Caller caller, Status status, CancellationToken cancellation) => Write(call, caller, status, status.Message, cancellation);

    /// <summary>Notes that a call was denied, if there is room.</summary>
    public Task NoteDenied(RpcCall call, Caller caller, Status status, CancellationToken cancellation)
    {
        if (Take() is not { } unnoted)
        {
            return Task.CompletedTask;
        }

        return Write(call, caller, status, unnoted > 0 ? $"{status.Message} ({unnoted} more calls were denied since the note before.)" : status.Message, cancellation);
    }

    private async Task Write(RpcCall call, Caller caller, Status status, string reason, CancellationToken cancellation)
    {
        var id = RequestId.Parse($"audit-{newId():N}");
        var request = call.Request;
        var note = new AuditMessage.Note(
            id, RequestIdOf(request), caller.Origin(MethodAccess.NameOf(call.Method)).Clean(), DetailOf(request), status.Code.ToString(), reason.Length > 0 ? reason : null);
        await edge.Submit(id, ActorIds.Audit(caller.Address), note, cancellation);
    }

    /// <summary>How many were not noted before this one; null if this one is not either.</summary>
    private long? Take()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _room = Math.Min(DeniedAtOnce, _room + (time.GetElapsedTime(_last, now) / DeniedEvery));
            _last = now;
            if (_room < 1)
            {
                _unnoted++;
                return null;
            }

            _room--;
            var unnoted = _unnoted;
            _unnoted = 0;
            return unnoted;
        }
    }

    private static string RequestIdOf(IMessage? request) =>
        request?.Descriptor.FindFieldByName("request_id") is { } field && field.Accessor.GetValue(request) is string { Length: <= RequestId.MaxLength } id ? id : "";

    private static string DetailOf(IMessage? request)
    {
        var text = request is null ? "" : JsonFormatter.Default.Format(request);
        return text.Length <= DetailCharacters ? text : $"{text[..DetailCharacters]}...";
    }
}
