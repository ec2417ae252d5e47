using System.CommandLine;
using Latecomer.Contracts;

namespace Latecomer.Node.Cli;

/// <summary>What arguments and options are names of. Help shows it, and completion knows by it what to offer.</summary>
internal static class Names
{
    /// <summary>Of a pipeline.</summary>
    public const string Pipeline = "PIPELINE";

    /// <summary>Of an execution date of a pipeline.</summary>
    public const string Date = "DATE";

    /// <summary>Of a run of an execution date.</summary>
    public const string Run = "RUN";

    /// <summary>Of a task.</summary>
    public const string Task = "TASK";

    /// <summary>Of a backfill of a pipeline.</summary>
    public const string Backfill = "BACKFILL";

    /// <summary>Of a table that is watched.</summary>
    public const string Table = "TABLE";

    /// <summary>Of a node.</summary>
    public const string Node = "NODE";

    /// <summary>Of a message that was set aside.</summary>
    public const string DeadLetter = "ID";

    /// <summary>Of a context of the client.</summary>
    public const string Context = "CONTEXT";

    /// <summary>Of a file.</summary>
    public const string File = "FILE";

    /// <summary>Of a folder.</summary>
    public const string Folder = "PATH";

    /// <summary>The argument that names a pipeline.</summary>
    public static Argument<PipelineName> PipelineArgument() => Options.Argument<PipelineName>(Pipeline, "The pipeline.");

    /// <summary>The argument that names an execution date.</summary>
    public static Argument<LogicalDate> DateArgument() => Options.Argument<LogicalDate>(Date, "The execution date.");

    /// <summary>The option that names a run of an execution date.</summary>
    public static Option<RunId?> RunOption() => Options.Parsed<RunId>("--run", "A run of that date by its id; the scheduled one when not given.", Run);
}
