namespace Latecomer.Grpc;

/// <summary>Stands around each call: may refuse it by a status of its own instead of asking <paramref name="next"/>, and sees how it ended. The first filter is the
/// outermost. A response that has been sent is not taken back by another status.</summary>
/// <param name="call">The call.</param>
/// <param name="next">Goes on; never throws for what a handler does.</param>
public delegate Task<Status> CallFilter(RpcCall call, Func<Task<Status>> next);
