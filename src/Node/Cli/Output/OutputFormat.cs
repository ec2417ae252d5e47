namespace Latecomer.Node.Cli;

/// <summary>How a command prints what it found.</summary>
internal enum OutputFormat
{
    /// <summary>For people: columns with a header.</summary>
    Table,

    /// <summary>For programs: all of it, as JSON.</summary>
    Json,

    /// <summary>The same as YAML.</summary>
    Yaml,

    /// <summary>For scripts: the table's rows without a header, cells separated by tabs.</summary>
    Plain,
}
