using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Latecomer.Activities;
using Latecomer.Node.Cli;

namespace Latecomer.Node.LocalCluster;

/// <summary>The PostgreSQL of a cluster on this machine: in a temporary folder, on a free port of 127.0.0.1, for those who know its password.</summary>
internal sealed class PostgresServer(ClusterFile file)
{
    private const int MostPorts = 3;
    private const int LogLines = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PostgresRecord Known => file.Record!.Postgres!;

    /// <summary>How nodes reach it.</summary>
    public string ConnectionString => PostgresPassword.ConnectionString(file.State, Known.Port);

    /// <summary>Where what it says goes.</summary>
    private string LogFile => Path.Combine(Known.Folder, "log");

    private string DataFolder => Path.Combine(Known.Folder, "data");

    /// <summary>Starts it where it does not run, making it first where there is none.</summary>
    /// <returns>Whether it was started now.</returns>
    /// <exception cref="Refusal">It cannot be had.</exception>
    public async Task<bool> Start(CancellationToken cancellation)
    {
        if (file.Record?.Postgres is not { IsMade: true })
        {
            await new PostgresMaking(file).Make(cancellation);
        }
        else if (!Directory.Exists(DataFolder))
        {
            throw new Refusal(ExitCode.FolderRefused, $"The database of the cluster in {file.Data} is gone: somebody removed {Known.Folder}. What it knew of the runs is lost; the tables are still there. "
                + $"'latecomer cluster down --data {file.Data}' forgets it.");
        }

        if (Known.Process is { } process && ProcessTable.IsAlive(process))
        {
            return false;
        }

        var asItsUser = PostgresPrograms.AsItsUser();
        foreach (var port in Ports())
        {
            if (await TryStart(asItsUser, port, cancellation))
            {
                return true;
            }
        }

        throw new Refusal(ExitCode.Failed, $"PostgreSQL does not start: {LastWords()}");
    }

    /// <summary>Stops it: its clients are sent away.</summary>
    /// <returns>Whether it ran.</returns>
    public async Task<bool> Stop()
    {
        (int, TimeSpan)[] steps = Known.IsMade
            ? [(ProcessTable.Resume, TimeSpan.Zero), (ProcessTable.Interrupt, TimeSpan.FromSeconds(30)), (ProcessTable.Quit, TimeSpan.FromSeconds(10))]
            : [];
        var ran = await Ending.End(Known.Process, steps);
        file.Change(r => r with { Postgres = r.Postgres! with { Process = null } });
        return ran;
    }

    /// <summary>Removes its folder and its password.</summary>
    public async Task Remove()
    {
        await PostgresMaking.Remove(Known.Folder);
        PostgresPassword.Delete(file.State);
        file.Change(r => r with { Postgres = null });
    }

    private async Task<bool> TryStart(IReadOnlyList<string> asItsUser, int port, CancellationToken cancellation)
    {
        file.Change(r => r with { Postgres = r.Postgres! with { Port = port } });
        var began = ProcessLog.Length(LogFile);
        var launched = await Launch.Start(
            [
                .. asItsUser, Path.Combine(Known.Programs, "postgres"), "-D", DataFolder, "-p", port.ToString(CultureInfo.InvariantCulture),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=400", "-c", "logging_collector=off",
            ],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["LC_ALL"] = "C" },
            LogFile,
            Note);
        ProcessRecord? server = null;
        if (!await Ending.Becomes(() => (server = Ready(launched)) is not null || !ProcessTable.IsAlive(launched), Patience, cancellation))
        {
            throw new Refusal(ExitCode.Failed, $"PostgreSQL is not ready after {Patience.TotalSeconds:0} s; its log is {LogFile}");
        }

        if (server is not null)
        {
            // Its own process, in case another one became its user and waits for it.
            Note(server);
            return true;
        }

        return (await ProcessLog.After(LogFile, began)).Contains("Address already in use", StringComparison.Ordinal)
            ? false
            : throw new Refusal(ExitCode.Failed, $"PostgreSQL does not start: {LastWords()}");
    }

    private void Note(ProcessRecord process) => file.Change(r => r with { Postgres = r.Postgres! with { Process = process } });

    /// <summary>The server's process once it takes connections; the file by which it says so may be that of an earlier one.</summary>
    private ProcessRecord? Ready(ProcessRecord launched)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(DataFolder, "postmaster.pid"));
            return lines.Length > 7 && lines[7].Trim() == "ready" && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ProcessTable.Find(id) is { } found && found.StartTime >= launched.StartTime
                ? found
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The port that it had, then free ones: somebody else may take one before it does.</summary>
    private IEnumerable<int> Ports()
    {
        if (Known.Port > 0)
        {
            yield return Known.Port;
        }

        for (var i = 0; i < MostPorts; i++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            yield return port;
        }
    }

    private string LastWords() => File.Exists(LogFile) ? $"{string.Join(' ', File.ReadLines(LogFile).TakeLast(LogLines))} (its log is {LogFile})" : "it said nothing.";
}
