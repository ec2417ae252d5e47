namespace Latecomer.Runtime;

/// <summary>The names of what makes turns happen, as the journal keeps them. A message names the turn that sent it by actor and revision, so that
/// the entries of that turn, and their cause in turn, can be found: the chain ends at a request.</summary>
public static class Causes
{
    private const string Request = "request:";
    private const string By = " by ";
    private const string From = " from ";

    /// <summary>A request from the edge: <c>request:ID</c>, with <c> (METHOD by CALLER from ADDRESS)</c> behind it where that is known.</summary>
    public static string OfRequest(RequestId request, RequestOrigin? origin = null) =>
        origin?.Clean() is { } known ? $"{Request}{request} ({known.Method}{By}{known.Caller}{From}{known.Address})" : $"{Request}{request}";

    /// <summary>Where the request of a cause came from; null if the cause is none, or does not say.</summary>
    public static RequestOrigin? OriginOf(string cause)
    {
        var open = cause.LastIndexOf(" (", StringComparison.Ordinal);
        if (open < 0 || !cause.StartsWith(Request, StringComparison.Ordinal) || !cause.EndsWith(')'))
        {
            return null;
        }

        return cause[(open + 2)..^1].Split(' ') is [var method, "by", var caller, "from", var address] ? new RequestOrigin(method, caller, address) : null;
    }

    /// <summary>A message that a turn sent: <c>Kind/key@revision</c>. A turn that changed nothing passes its own cause on.</summary>
    public static string OfTurn(ActorId actor, long revision) => $"{actor}@{revision}";

    /// <summary>A timer that a turn of the same actor set: <c>timer:NAME@revision</c>.</summary>
    public static string OfTimer(string name, long revision) => $"timer:{name}@{revision}";

    /// <summary>The end of an activity that a turn of the same actor started: <c>activity:ID@revision</c>.</summary>
    public static string OfActivity(string id, long revision) => $"activity:{id}@{revision}";
}
