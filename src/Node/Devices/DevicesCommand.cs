using System.CommandLine;

namespace Latecomer.Node.Devices;

/// <summary><c>latecomer devices</c>: the demo's data, and its way into a Delta table.</summary>
internal static class DevicesCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("devices", "Generates device rows, and loads them into a Delta table.")
    {
        GenerateCommand.Create(),
        LoadCommand.Create(),
    };
}
