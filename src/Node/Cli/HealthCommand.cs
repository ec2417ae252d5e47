using System.CommandLine;
using System.Text;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer health</c>: what <c>/readyz</c> says, for whoever has no HTTP client at hand, such as a container's health check.</summary>
internal static class HealthCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var command = client.On(new Command("health", "Says whether a node can do what it is asked: exit code 0 if it can, else why not."));
        command.SetAction(async (parsed, cancellation) =>
        {
            using var node = client.Client(parsed);
            var health = await node.Health(cancellation);
            if (health.NotReadyBecause is { } reason)
            {
                throw new Refusal(ExitCode.Failed, $"The node is not ready: {reason}");
            }

            var printer = client.Printer(parsed);
            if (printer.IsDocument)
            {
                await printer.Document(stream => stream.WriteAsync(Encoding.UTF8.GetBytes(health.ToJson() + "\n"), cancellation).AsTask());
            }
            else
            {
                Console.WriteLine(string.Join('\n', health.Problems.Select(p => $"problem: {p}").Prepend("ready")));
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
