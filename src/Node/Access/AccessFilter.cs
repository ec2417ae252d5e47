using Google.Protobuf.WellKnownTypes;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;

namespace Latecomer.Node.Access;

/// <summary>Stands before every call: finds out who calls, refuses those that may not, and has the audit note what no actor's turn has a record of.</summary>
internal sealed class AccessFilter(ICallers callers, CallLimits limits, AuditNotes notes)
{
    private const string Metadata = "authorization";
    private const string Scheme = "Bearer ";

    /// <summary>The filter.</summary>
    public async Task<Status> Around(RpcCall call, Func<Task<Status>> next)
    {
        if (MethodAccess.RoleFor(call.Method) is not { } least)
        {
            return await next();
        }

        var address = call.Peer.Address?.Address.ToString() ?? "here";
        var caller = await callers.Find(BearerOf(call), call.Peer.Certificate, address, call.Cancellation);
        call.Identity = caller;
        if (limits.Count(caller?.Limit ?? address) is { } wait)
        {
            return new Status(StatusCode.ResourceExhausted, "Too many calls: wait a little.").With(new RetryInfo { RetryDelay = wait.ToDuration() });
        }

        if (caller is null)
        {
            return await Deny(
                call, new Caller(Caller.Nobody, AccessRole.Viewer, address, address), StatusCode.Unauthenticated,
                "This node asks for a token, and none came that is good: send 'authorization: Bearer TOKEN' (LATECOMER_TOKEN, --token-file, or a context's).");
        }

        if (caller.Role < least)
        {
            return await Deny(
                call, caller, StatusCode.PermissionDenied,
                $"{MethodAccess.NameOf(call.Method)} is for the role {Name(least)}, and the token of {caller.Name} has {Name(caller.Role)}.");
        }

        var status = await next();
        if (MethodAccess.IsMutating(call.Method) && !caller.IsRecorded)
        {
            await notes.Note(call, caller, status, call.Cancellation);
        }

        return status;
    }

    private static string Name(AccessRole role) => role.ToString().ToLowerInvariant();

    private static string? BearerOf(RpcCall call) =>
        call.Metadata[Metadata] is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : null;

    private async Task<Status> Deny(RpcCall call, Caller caller, StatusCode code, string reason)
    {
        var status = new Status(code, reason);
        await notes.NoteDenied(call, caller, status, call.Cancellation);
        return status;
    }
}
