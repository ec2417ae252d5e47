using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Node.Access;

/// <summary>Who calls, as far as is known.</summary>
/// <param name="Name">The name of its token, or one of those here.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Limit">By what its calls are counted together.</param>
internal sealed record Caller(string Name, AccessRole Role, string Address, string Limit)
{
    /// <summary>One of whom nothing is asked.</summary>
    public const string Anyone = "anyone";

    /// <summary>One who has no good token.</summary>
    public const string Nobody = "nobody";

    /// <summary>Another node of the cluster.</summary>
    public const string Node = "node";

    /// <summary>Whether an actor's turn has a record of the call, or will have.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>Where a call of it comes from.</summary>
    public RequestOrigin Origin(string method) => new(method, Name, Address);
}
