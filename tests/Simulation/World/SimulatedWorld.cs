using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Everything outside of the cluster: tables, their readers' view of them, files.</summary>
internal sealed class SimulatedWorld(TimeProvider time, Trace trace)
{
    private readonly SortedDictionary<TablePath, SimulatedTable> _tables = [];
    private readonly Dictionary<TablePath, SimulatedOutput> _outputs = [];
    private readonly Dictionary<TablePath, StateTableRead> _states = [];
    private readonly Dictionary<string, ImmutableArray<string>> _files = new(StringComparer.Ordinal);

    public IEnumerable<SimulatedTable> Tables => _tables.Values;

    public SimulatedTable Table(TablePath path) => _tables[path];

    public SimulatedOutput Output(TablePath path) => _outputs[path];

    public bool Exists(TablePath path) => _tables.ContainsKey(path);

    /// <summary>The configuration file as it is now; null if it was never written.</summary>
    public ImmutableArray<string>? File(string path) => _files.TryGetValue(path, out var lines) ? lines : null;

    /// <summary>What a table of states says.</summary>
    public StateTableRead States(TablePath path) => _states[path];

    /// <summary>Lets a table of states say something else.</summary>
    public void Say(TablePath path, StateTableRead states) => _states[path] = states;

    public void Create(TablePath path)
    {
        var table = new SimulatedTable(path, $"id-of-{path}");
        table.Append(time.GetUtcNow(), null, null);
        Add(table);
    }

    public void Add(SimulatedTable table)
    {
        _tables.Add(table.Path, table);
        _outputs.Add(table.Path, new SimulatedOutput(table, time));
    }

    public void Append(TablePath path, params IReadOnlyList<PartitionSeen> changes)
    {
        var version = Table(path).Append(time.GetUtcNow(), null, null, changes);
        trace.Add($"world: {path}@{version} {string.Join(", ", changes.Select(Text))}");
    }

    public bool Write(RunWork work)
    {
        var output = ((Work.BuiltIn)work.Definition.Work).Output;
        var accepted = Output(output).Write(work);
        trace.Count(accepted ? "works written" : "works refused for a later hold");
        trace.Add($"world: {output}@{Table(output).Newest} {work.Definition.Name} {work.Run} hold {work.HoldNumber} {(accepted ? "written" : "REFUSED")}");
        return accepted;
    }

    public void Write(WriteConfiguration file)
    {
        _files[$"{file.Folder}/{file.File}"] = file.Partitions;
        trace.Add($"world: {file.Folder}/{file.File} [{string.Join(", ", file.Partitions)}]");
    }

    private static string Text(PartitionSeen change) =>
        $"{string.Join('/', change.Values.Select(v => $"{v.Key}={v.Value}"))} +{change.FilesAdded}-{change.FilesRemoved} {change.Rows} rows{(change.DataChange ? "" : " rearranged")}";
}
