namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>What is left of a command for an engine or a cluster where there is none.</summary>
internal static class DryRun
{
    /// <summary>The command itself if it needs neither; else the most that can be tried of it: objects are made without being sent, kustomizations are
    /// built, and of the rest the shell reads the line.</summary>
    public static string Of(string command) => command.Split(' ') switch
    {
        ["kubectl", "create", ..] => $"{command} --dry-run=client -o yaml",
        ["kubectl", "apply", "-k", var folder] => $"kubectl kustomize {folder}",
        ["docker" or "minikube" or "kubectl", ..] => $"sh -n <<'line'\n{command}\nline\n",
        _ => command,
    };
}
