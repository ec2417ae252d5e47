using System.CommandLine;
using Latecomer.DeltaLog;
using Latecomer.Node.Configuration;
using Latecomer.Node.Storage;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Runtime.Sqlite;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer state</c>.</summary>
internal static class StateCommand
{
    private static readonly Setting Data = new("data", "folder", "The data folder of a node alone.");
    private static readonly Setting Store = new("store", "connection", "The PostgreSQL database of a cluster.");

    /// <summary>The command.</summary>
    public static Command Create() => new("state", "Copies the state of a node alone (--data) or of a cluster (--store) to a file, and back. Tables are no part of it.")
    {
        Make("backup", "Writes the state as it is at one moment; nodes may run meanwhile. The file must not exist.", Backup),
        Make("restore", "Makes a state of a file, where there is none yet.", Restore),
    };

    private static Command Make(string name, string description, Func<string, string?, string?, CancellationToken, Task> act)
    {
        var file = new Argument<string>("FILE") { Description = "The file." };
        var command = new Command(name, description) { file, Data.Option, Store.Option };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (data, store) = Where(parsed.GetValue(Data.Option), parsed.GetValue(Store.Option));
            try
            {
                await act(Path.GetFullPath(parsed.GetValue(file)!), data, store, cancellation);
            }
            catch (Exception e) when (e is StoreRefusedException or StoreFaultException)
            {
                throw new Refusal(ExitCode.Failed, e.Message, e);
            }

            Console.WriteLine($"{name} of {(store is null ? data : "the cluster's state")} done: {parsed.GetValue(file)}");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What the flags say counts before what the environment says; a store before a data folder, as it does for a node.</summary>
    private static (string? Data, string? Store) Where(string? data, string? store)
    {
        if (data is null && store is null)
        {
            (data, store) = (Given(Data), Given(Store));
        }

        return (data, store) is (null, null) ? throw new Refusal(ExitCode.Usage, "Say whose state: --data DIR or --store CONNECTION.") : (data, store);
    }

    private static string? Given(Setting setting) => Environment.GetEnvironmentVariable(setting.Variable) is { Length: > 0 } value ? value : null;

    private static async Task Backup(string file, string? data, string? store, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(folder))
        {
            throw new Refusal(ExitCode.Failed, $"{file} cannot be written: there is no folder {folder}.");
        }

        if (store is null)
        {
            SqliteBackup.Write(DataFolder.StateOf(data!), file);
        }
        else
        {
            await Backup(file, store, cancellation);
        }

        DurableFiles.SyncFolder(folder);
    }

    private static async Task Backup(string file, string store, CancellationToken cancellation)
    {
        // It holds what the nodes know each other by.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // A name of its own: what a backup left that was killed, or one that is under way, is none of this one's.
        var unfinished = $"{file}.{Guid.NewGuid():N}.unfinished";
        if (File.Exists(file))
        {
            throw new Refusal(ExitCode.Failed, $"{file} exists already: name another file.");
        }

        try
        {
            await using (var target = new FileStream(unfinished, options))
            {
                await PostgresBackup.Write(store, target, cancellation);
                target.Flush(flushToDisk: true);
            }

            File.Move(unfinished, file, overwrite: false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.Failed, $"{file} cannot be written: {fault.Message}", fault);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task Restore(string file, string? data, string? store, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new Refusal(ExitCode.Failed, $"There is no file {file}.");
        }

        if (store is null)
        {
            using var folder = DataFolder.Open(data!);
            await SqliteBackup.Restore(file, folder.State, TimeProvider.System);
            return;
        }

        await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        await PostgresBackup.Restore(source, store, cancellation);
    }
}
