namespace Latecomer.Node.Http;

/// <summary>How a node is.</summary>
/// <param name="NotReadyBecause">Why it cannot do what it is asked, for people; null if it can.</param>
/// <param name="Problems">What people have to mend though the node serves: tables whose logs cannot be followed.</param>
internal sealed record NodeHealth(string? NotReadyBecause, IReadOnlyList<string> Problems);
