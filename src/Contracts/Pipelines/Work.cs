using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Latecomer.Contracts;

/// <summary>What a pipeline does with a partition.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(BuiltIn), "builtIn")]
[JsonDerivedType(typeof(Command), "command")]
[JsonDerivedType(typeof(External), "external")]
public abstract record Work
{
    private Work()
    {
    }

    /// <summary>The id of its task, as people know it.</summary>
    public abstract string TaskId { get; init; }

    /// <summary>Work that the program brings along, by name; it reads the input's partition at the pin and overwrites that partition of the output.</summary>
    public sealed record BuiltIn(string TaskId, string Name, TablePath Output) : Work;

    /// <summary>A local command. It is not passed through a shell.</summary>
    /// <param name="TaskId">The task's id.</param>
    /// <param name="Program">The program, by name on PATH or by path.</param>
    /// <param name="Arguments">Its arguments; <c>{date}</c>, <c>{run_id}</c> and their like are filled in.</param>
    /// <param name="Environment">Variables beside those that every work gets.</param>
    /// <param name="ExpectedExitCode">The exit code that means success.</param>
    public sealed record Command(
        string TaskId,
        string Program,
        ImmutableArray<string> Arguments,
        ImmutableSortedDictionary<string, string> Environment,
        int ExpectedExitCode = 0) : Work;

    /// <summary>Work that something else does, such as Airflow: it makes the runs, marks, and says when it has processed. None are made here.</summary>
    public sealed record External(string TaskId) : Work
    {
        /// <summary>The id of the task where nobody gives it another.</summary>
        public const string UsualTaskId = "work";
    }
}
