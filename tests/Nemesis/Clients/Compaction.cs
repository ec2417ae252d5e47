using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Nemesis;

/// <summary>Makes one file of all that a partition of the input has, as OPTIMIZE does: the rows stay what they are, and the commit says so (<c>dataChange=false</c>).</summary>
internal sealed class Compaction(string dataset, ClientHistory history)
{
    private readonly string _folder = Path.Combine(dataset, Pipelines.Input.Value);

    /// <summary>Does nothing where there is nothing to put together, or where somebody else was faster.</summary>
    public async Task Run(string day)
    {
        var begun = DateTimeOffset.UtcNow;
        var partition = PartitionValues.Of(DeviceLoads.PartitionColumn, day);
        var read = await DeltaTable.At(_folder).ReadSnapshot();
        var files = read.FilesOf(partition);
        if (files.Count < 2)
        {
            return;
        }

        var writer = new CommitWriter(new LocalLogStore(_folder), TimeProvider.System, Guid.NewGuid);
        var result = await writer.Commit(read, new CommitProposal
        {
            Actions = [.. files.Select(file => RemoveFile.Of(file, begun, dataChange: false)), await WriteTogether(read, partition, files)],

            // Files that others add meanwhile stay beside it.
            Reads = ReadAssumption.None,
            Operation = "OPTIMIZE",
        });
        history.Add(new Load(Pipelines.Input, day, begun, DateTimeOffset.UtcNow, (result as CommitResult.Committed)?.Version, IsCompaction: true));
    }

    private async Task<AddFile> WriteTogether(Snapshot read, PartitionValues partition, IReadOnlyList<AddFile> files)
    {
        var name = $"{DeviceLoads.PartitionColumn}={files[0].PartitionValues[DeviceLoads.PartitionColumn]}/together-{Guid.NewGuid():N}.parquet";
        var path = Path.Combine(_folder, name);
        await using (var stream = File.Create(path))
        {
            using var writer = new ParquetWriter(stream, DeviceLoads.Schema);
            await foreach (var batch in DeltaReader.At(_folder).ReadFiles(read, partition, DeviceLoads.Columns))
            {
                using (batch)
                {
                    await writer.WriteAsync(batch, default);
                }
            }

            await writer.CompleteAsync(default);
        }

        var rows = files.Sum(f => f.NumRecords!.Value);
        return new AddFile
        {
            Path = name,
            PartitionValues = partition,
            Size = new FileInfo(path).Length,
            ModificationTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            DataChange = false,
            NumRecords = rows,
            Stats = $$"""{"numRecords":{{rows}}}""",
        };
    }
}
