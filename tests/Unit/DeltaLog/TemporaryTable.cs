using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>A table in a temporary folder that goes away with the test.</summary>
public sealed class TemporaryTable : IDisposable
{
    private static readonly TableSchema Schema = new([
        new SchemaField("id", new DataType.Primitive("long")),
        new SchemaField("p", new DataType.Primitive("string")),
    ]);

    public TemporaryTable()
    {
        Folder = Path.Combine(Path.GetTempPath(), $"latecomer-delta-{Guid.NewGuid():N}");
        Log = new LocalLogStore(Folder);
        Table = DeltaTable.At(Folder);
    }

    public string Folder { get; }

    public string LogFolder => Path.Combine(Folder, "_delta_log");

    public LocalLogStore Log { get; }

    public DeltaTable Table { get; }

    public static AddFile File(string path, string? partition, long rows = 1) => new()
    {
        Path = path,
        PartitionValues = In(partition),
        Size = 100,
        ModificationTime = 1,
        NumRecords = rows,
        Stats = $$"""{"numRecords":{{rows}}}""",
    };

    public static PartitionValues In(string? partition) => PartitionValues.Of("p", partition);

    public static Metadata Definition(Guid? id = null) => Metadata.Create(id ?? Guid.NewGuid(), Schema, ["p"], DateTimeOffset.UnixEpoch);

    public async Task<TemporaryTable> Created(params AddFile[] files)
    {
        (await Table.Create(Definition(), files, CommitOrigin.None)).ShouldBe(new CommitResult.Committed(0));
        return this;
    }

    public Task<CommitResult> Append(string path, string? partition, SetTransaction? txn = null) =>
        Table.Append([File(path, partition)], new CommitOrigin(txn)).AsTask();

    public string PathOf(long version) => Path.Combine(LogFolder, LogFile.CommitName(version));

    public void Put(long version, params string[] lines)
    {
        Directory.CreateDirectory(LogFolder);
        System.IO.File.WriteAllText(PathOf(version), string.Join('\n', lines) + "\n");
    }

    public void PutFirst(string id = "t1") => Put(
        0,
        """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
        $$$"""{"metaData":{"id":"{{{id}}}","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":["p"],"configuration":{},"createdTime":1}}""");

    public void PutAdd(long version, string path, string partition, string rest = "") => Put(
        version,
        $$$"""{"add":{"path":"{{{path}}}","partitionValues":{"p":"{{{partition}}}"},"size":10,"modificationTime":1,"dataChange":true{{{rest}}}}}""");

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
