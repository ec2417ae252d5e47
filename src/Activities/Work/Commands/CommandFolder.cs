using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latecomer.Actors;
using Latecomer.DeltaLog;

namespace Latecomer.Activities;

/// <summary>What there is of one try of a command, in a folder named by its key: the attempts that came to it, and its executions, numbered. There is more than
/// one only if those before were stopped, as when the node that ran them was stopped: each begins after the one before has ended.</summary>
internal sealed class CommandFolder
{
    private const string AttemptPrefix = "attempt.";
    private readonly string _path;

    internal CommandFolder(string work, RunWork run)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes($"{run.IdempotencyKey}\n{run.Try}"));
        _path = Path.Combine(work, Convert.ToHexStringLower(key.AsSpan(0, 16)));
    }

    /// <summary>Says that an attempt is here: those before it may start nothing any more.</summary>
    internal void Enter(int attempt)
    {
        DurableFiles.CreateFolder(_path);
        if (DurableFiles.TryCreate(Path.Combine(_path, $"{AttemptPrefix}{attempt.ToString(CultureInfo.InvariantCulture)}"), []))
        {
            DurableFiles.SyncFolder(_path);
        }
    }

    /// <summary>Whether a later attempt has come.</summary>
    internal bool IsLeftTo(int attempt) => Directory.EnumerateFiles(_path, $"{AttemptPrefix}*").Any(file => NumberOf(Path.GetExtension(file).TrimStart('.')) > attempt);

    /// <summary>The execution to start or to take up: the last one, or the one after it if that was stopped.</summary>
    internal CommandExecution Current()
    {
        var last = Math.Max(1, Folders().Max(folder => (int?)NumberOf(Path.GetFileName(folder))) ?? 1);
        var execution = At(last);
        return execution.IsStopped ? At(last + 1) : execution;
    }

    /// <summary>All that there are.</summary>
    internal IReadOnlyList<CommandExecution> Executions() => [.. Folders().Select(folder => new CommandExecution(folder))];

    private IEnumerable<string> Folders() => Directory.Exists(_path) ? Directory.EnumerateDirectories(_path) : [];

    private CommandExecution At(int number)
    {
        var folder = Path.Combine(_path, number.ToString(CultureInfo.InvariantCulture));
        DurableFiles.CreateFolder(folder);
        return new CommandExecution(folder);
    }

    private static int NumberOf(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
