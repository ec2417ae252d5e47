using Latecomer.DeltaLog;
using Latecomer.Parquet;
using Latecomer.Parquet.Format;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Unit.Parquet;

namespace Latecomer.Tests.Unit.DeltaLog.Checkpoints;

/// <summary>Small checkpoints that claim to be large ones: they cost what they are, not what they claim.</summary>
public sealed class HostileCheckpointFacts : IDisposable
{
    private const int NullsPerPage = 1 << 29;
    private const int BombBytes = 64 * 1024 * 1024;

    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Rows_without_end_in_a_few_bytes_are_refused()
    {
        Put(Nulls(pages: 1_000));
        using var cancellation = new CancellationTokenSource(Liveness.Bound);
        var refused = await Should.ThrowAsync<DeltaException>(async () => await _table.Table.ReadSnapshot(cancellation: cancellation.Token));
        refused.Class.ShouldBe(DeltaErrorClass.CorruptCheckpoint);
        refused.Message.ShouldContain("rows");
    }

    [Fact]
    public async Task A_page_that_takes_far_more_memory_than_its_file_is_refused()
    {
        var page = new HandmadePage(PageKind.Data, CompressedZeros.Of(CompressionCodec.Zstd, BombBytes), 1) { UncompressedSize = BombBytes };
        var path = new HandmadeField("path", PhysicalType.ByteArray) { Converted = ConvertedType.Utf8 };
        var add = new HandmadeField("add") { Children = [path] };
        Put(HandmadeFile.Build([add], 1, new HandmadeChunk("add.path", PhysicalType.ByteArray, 1, page) { Codec = CompressionCodec.Zstd }));
        var refused = await Should.ThrowAsync<DeltaException>(async () => await _table.Table.ReadSnapshot());
        refused.Class.ShouldBe(DeltaErrorClass.CorruptCheckpoint);
        refused.Message.ShouldContain("memory");
    }

    [Fact]
    public async Task A_sidecar_that_is_named_without_end_is_read_once()
    {
        const string sidecar = """{"sidecar":{"path":"s.parquet","sizeInBytes":1,"modificationTime":1}}""";
        var adds = Enumerable.Range(0, 20).Select(number => $$$"""{"add":{"path":"f{{{number}}}","partitionValues":{"p":"a"},"size":10,"modificationTime":1}}""").ToArray();
        _table.PutFile("_sidecars/s.parquet", HandmadeCheckpoint.Sidecar, adds);
        _table.PutFirst();
        var definition = await File.ReadAllLinesAsync(_table.PathOf(0));
        File.Delete(_table.PathOf(0));
        await File.WriteAllLinesAsync(
            Path.Combine(_table.LogFolder, $"{LogFile.FirstNameOf(3)}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json"),
            ["""{"checkpointMetadata":{"version":3}}""", .. definition, .. Enumerable.Repeat(sidecar, 500)]);

        var store = new ChangingStore(_table.Log, "", () => { });
        (await new DeltaTable(store, TimeProvider.System, Guid.NewGuid).ReadSnapshot()).NumFiles.ShouldBe(20);
        store.Stats.Count(name => name == "_sidecars/s.parquet").ShouldBe(1);
    }

    private void Put(byte[] checkpoint)
    {
        Directory.CreateDirectory(_table.LogFolder);
        File.WriteAllBytes(Path.Combine(_table.LogFolder, LogFile.CheckpointName(3)), checkpoint);
    }

    /// <summary>A column of nulls: each page is a run of them, some twenty bytes.</summary>
    private static byte[] Nulls(int pages)
    {
        var path = new HandmadeField("path", PhysicalType.ByteArray, Repetition.Optional) { Converted = ConvertedType.Utf8 };
        var add = new HandmadeField("add", Repetition: Repetition.Optional) { Children = [path] };
        // The run's length, shifted by one, as a number of seven bits a byte; then its level.
        byte[] run = [0x80, 0x80, 0x80, 0x80, 0x04, 0];
        var page = new HandmadePage(PageKind.Data, [.. BitConverter.GetBytes(run.Length), .. run], NullsPerPage);
        var rows = (long)NullsPerPage * pages;
        return HandmadeFile.Build([add], rows, new HandmadeChunk("add.path", PhysicalType.ByteArray, rows, [.. Enumerable.Repeat(page, pages)]));
    }
}
