using System.Diagnostics;
using System.Globalization;

namespace Latecomer.Activities;

/// <summary>
/// How a command is kept apart from the node that started it: a small shell script leads a session of its own, in which the command runs. It outlives the node,
/// and whoever comes later finds it by what it leaves in the execution's folder:
/// <list type="bullet">
/// <item><c>process</c> is linked into place before the command starts, with the process's id, start time and boot. Linking fails if the name is there, so of
/// several scripts (a node that was killed between starting one and seeing this file, two attempts at once) one runs the command; and whoever wants
/// to stop an execution that has not begun takes the name first, so that it never begins.</item>
/// <item><c>exit</c> is renamed into place when the command has ended, unless it is being stopped (<c>stopping</c>): what is in it is how it ended by itself.</item>
/// </list>
/// A script that was started by an attempt which a later one has followed (<c>attempt.N</c> beside the execution's folder) does nothing.
/// </summary>
internal static class CommandWrapper
{
    /// <summary>What the script ends with when a later attempt has come.</summary>
    internal const int Superseded = 72;

    /// <summary>Signals that ask to end reach the whole group; the script outlives them to see the command's end. It has the node's <c>PATH</c>, the command its own.</summary>
    private const string Script = """
        folder=$1; attempt=$2; path=$PATH; PATH=$3; shift 3
        exec </dev/null >/dev/null 2>&1
        trap : TERM INT HUP
        keep() { sync "$@" || sync; }
        for other in "$folder"/../attempt.*; do
          [ "${other##*.}" -le "$attempt" ] || exit 72
        done
        start=$(read -r stat < "/proc/$$/stat" && set -- ${stat##*") "} && echo "${20}") && [ -n "$start" ] || exit 71
        read -r boot < /proc/sys/kernel/random/boot_id || exit 71
        mine=$folder/process.$$
        printf '%s %s %s\n' "$$" "$start" "$boot" > "$mine" && keep "$mine" && ln "$mine" "$folder/process"
        claimed=$?
        rm -f "$mine"
        [ "$claimed" -eq 0 ] || exit 73
        keep "$folder"
        exec >>"$folder/output" 2>&1
        PATH=$path "$@"
        code=$?
        exec >/dev/null 2>&1
        [ ! -e "$folder/stopping" ] || exit 0
        mine=$folder/exit.$$
        printf '%s\n' "$code" > "$mine" && keep "$mine" && mv "$mine" "$folder/exit"
        """;

    /// <summary>The programs that it takes.</summary>
    internal static IReadOnlyList<string> Needs { get; } = ["setsid", "sh", "ln", "mv", "rm", "sync"];

    /// <summary>Starts a script for an execution. Its end says nothing about the command's.</summary>
    internal static Process Start(CommandExecution execution, int attempt, CommandLine command)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var shell = ExecutableSearch.Find("sh", command.WorkingFolder, path) ?? "sh";
        var start = new ProcessStartInfo("setsid") { WorkingDirectory = command.WorkingFolder };
        string[] script = [shell, "-c", Script, "latecomer", execution.Folder, attempt.ToString(CultureInfo.InvariantCulture), path, command.Program];
        foreach (var argument in script.Concat(command.Arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new IOException("The command's process could not be started.");
    }
}
