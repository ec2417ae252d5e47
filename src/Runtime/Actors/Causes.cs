namespace Latecomer.Runtime;

/// <summary>The names of what makes turns happen, as the journal keeps them. A message names the turn that sent it by actor and revision, so that
/// the entries of that turn, and their cause in turn, can be found: the chain ends at a request.</summary>
public static class Causes
{
    /// <summary>A request from the edge: <c>request:ID</c>.</summary>
    public static string OfRequest(RequestId request) => $"request:{request}";

    /// <summary>A message that a turn sent: <c>Kind/key@revision</c>. A turn that changed nothing passes its own cause on.</summary>
    public static string OfTurn(ActorId actor, long revision) => $"{actor}@{revision}";

    /// <summary>A timer that a turn of the same actor set: <c>timer:NAME@revision</c>.</summary>
    public static string OfTimer(string name, long revision) => $"timer:{name}@{revision}";

    /// <summary>The end of an activity that a turn of the same actor started: <c>activity:ID@revision</c>.</summary>
    public static string OfActivity(string id, long revision) => $"activity:{id}@{revision}";
}
