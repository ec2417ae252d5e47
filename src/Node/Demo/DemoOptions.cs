using Latecomer.Node.Cli;
using Latecomer.Node.LocalCluster;

namespace Latecomer.Node.Demo;

/// <summary>What a demo is told.</summary>
/// <param name="Scenario">What is cleared.</param>
/// <param name="Nodes">How many nodes share the work.</param>
/// <param name="OnCluster">Whether they are processes of their own.</param>
/// <param name="KillEvery">How often one of them is killed; null for never.</param>
/// <param name="Data">The data folder.</param>
internal sealed record DemoOptions(Scenario Scenario, int Nodes, bool OnCluster, TimeSpan? KillEvery, string Data)
{
    /// <summary>The nodes, for people.</summary>
    public string NodesInWords => OnCluster
        ? FormattableString.Invariant($"{Nodes} processes on PostgreSQL{(KillEvery is { } every ? $", one killed every {every.TotalSeconds:0.###} s" : "")}")
        : $"{Nodes} nodes";

    /// <summary>Refuses a folder that holds another demo, or one whose database is gone.</summary>
    /// <param name="known">What was played in the folder; null for nothing.</param>
    /// <exception cref="Refusal">It does.</exception>
    public void RefuseOther(DemoProgress? known)
    {
        if (known is null)
        {
            return;
        }

        if (known.Scenario != Scenario.Name)
        {
            throw Refused($"{Data} holds the demo of {known.Scenario}: add --scenario {known.Scenario}, or name another folder with --data.");
        }

        if (known.OnCluster != OnCluster)
        {
            throw Refused(known.OnCluster
                ? $"{Data} holds a demo on a cluster: add --cluster, or name another folder with --data."
                : $"{Data} holds a demo without a cluster: leave out --cluster, or name another folder with --data.");
        }

        if (OnCluster && !ClusterFile.Exists(Data))
        {
            throw Refused($"The database of the demo in {Data} was removed, as 'cluster down' does: name another folder with --data.");
        }
    }

    private static Refusal Refused(string sentence) => new(ExitCode.FolderRefused, sentence);
}
