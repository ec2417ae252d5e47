namespace Latecomer.Node.Hosting;

/// <summary>What a process that serves is told.</summary>
/// <param name="Data">The data folder.</param>
/// <param name="Listen">Where it listens; port 0 takes a free one.</param>
/// <param name="Nodes">How many nodes share the work in this process, named <c>node-1</c> and so on.</param>
internal sealed record HostOptions(string Data, Uri Listen, int Nodes)
{
    /// <summary>Where a node listens, unless said otherwise.</summary>
    public const string DefaultListen = "http://127.0.0.1:7080";

    /// <summary>The most nodes in one process.</summary>
    public const int MostNodes = 32;
}
