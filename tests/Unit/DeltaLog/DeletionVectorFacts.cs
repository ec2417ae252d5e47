using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Rows of tables of our own under deletion vectors of every place.</summary>
public sealed class DeletionVectorFacts : IDisposable
{
    private const int Count = 40_000;
    private static readonly TableDefinition Numbers = new(new TableSchema([new SchemaField("n", new DataType.Primitive("long"))]), []);
    private static readonly byte[] Some = HandmadeVector.Of([0, 5, 16_383, 16_384, .. Enumerable.Range(20_000, 9_999).Select(row => (long)row), Count - 1], withRuns: true);
    private static readonly int SomeCount = 10_004;

    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task The_example_of_the_protocol_deletes_its_rows() =>
        (await LiveRows(new DeletionVector("i", "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L", Offset: null, 44, 6)))
            .ShouldBe(Enumerable.Range(0, Count).Select(row => (long)row).Except([3, 4, 7, 11, 18, 29]));

    [Fact]
    public async Task Rows_are_deleted_in_every_batch_of_a_file() => await AreDeleted(new DeletionVector("i", HandmadeVector.Encode(Some), Offset: null, Some.Length, SomeCount));

    [Theory]
    [InlineData("u", 0)]
    [InlineData("u", 1)]
    [InlineData("p", 0)]
    [InlineData("p", 1)]
    [InlineData("file", 1)]
    public async Task Vectors_of_a_file_are_found_by_their_offsets(string where, int which)
    {
        var (file, offsets) = which == 0 ? HandmadeVector.FileOf(Some, HandmadeVector.Of([1])) : HandmadeVector.FileOf(HandmadeVector.Of([1]), Some);
        await AreDeleted(Stored(where, file, offsets[which]));
    }

    [Fact]
    public async Task Without_an_offset_the_vector_is_the_first_of_its_file() => await AreDeleted(Stored("u", HandmadeVector.FileOf(Some).File, offset: null));

    [Fact]
    public async Task A_vector_that_deletes_all_rows_leaves_none()
    {
        var all = HandmadeVector.Of(Enumerable.Range(0, Count).Select(row => (long)row), withRuns: true);
        (await LiveRows(new DeletionVector("i", HandmadeVector.Encode(all), null, all.Length, Count))).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_offset_of_zero_is_not_the_first_vector() =>
        (await Refused(Stored("u", HandmadeVector.FileOf(Some).File, offset: 0))).ShouldContain($"places {Some.Length} at offset 0");

    [Fact]
    public async Task A_broken_file_is_refused_with_what_is_wrong()
    {
        var (file, _) = HandmadeVector.FileOf(Some);
        (await Refused(Stored("u", [.. file[..^9], (byte)(file[^9] ^ 1), .. file[^8..]], 1))).ShouldContain("its checksum in ");
        (await Refused(Stored("u", [2, .. file[1..]], 1))).ShouldContain("is of version 2");
        (await Refused(Stored("u", file[..^1], 1))).ShouldContain($"has {file.Length - 1} bytes, and the descriptor places {Some.Length} at offset 1");
        (await Refused(Stored("u", file, 1) with { SizeInBytes = int.MaxValue })).ShouldContain("the descriptor places 2147483647 at offset 1");
        (await Refused(Stored("u", file, 1) with { SizeInBytes = -1 })).ShouldContain("the descriptor places -1");
        (await Refused(Stored("u", file, 1) with { SizeInBytes = Some.Length - 1 })).ShouldContain($"says at offset 1 that {Some.Length} bytes follow, and the descriptor says {Some.Length - 1}");
        (await Refused(Stored("u", file, int.MaxValue))).ShouldContain("at offset 2147483647");
        (await Refused(Stored("u", [], 1))).ShouldContain("has 0 bytes");
    }

    [Fact]
    public async Task A_vector_that_cannot_be_what_it_says_is_refused()
    {
        var text = HandmadeVector.Encode(Some);
        (await Refused(new DeletionVector("i", text, null, Some.Length, SomeCount + 1))).ShouldContain($"deletes {SomeCount} rows, and its descriptor says {SomeCount + 1}");
        (await Refused(new DeletionVector("i", text, null, Some.Length + 4, SomeCount))).ShouldContain("and its descriptor says");
        (await Refused(new DeletionVector("i", text[..^1], null, Some.Length, SomeCount))).ShouldContain("is not encoded in Z85");
        (await Refused(new DeletionVector("i", "\"\"\"\"\"", null, 4, 1))).ShouldContain("is not encoded in Z85");
        (await Refused(new DeletionVector("x", text, null, Some.Length, SomeCount))).ShouldContain("storage type 'x'");
        (await Refused(new DeletionVector("u", "too short", 1, 1, 1))).ShouldContain("UUID");
        (await Refused(Stored("p", HandmadeVector.FileOf(Some).File, 1) with { PathOrInlineDv = "/nowhere/at/all.bin" })).ShouldContain("/nowhere/at/all.bin is gone");
    }

    [Fact]
    public async Task A_row_that_the_file_does_not_have_cannot_be_deleted()
    {
        var beyond = HandmadeVector.Of([1, Count]);
        (await Refused(new DeletionVector("i", HandmadeVector.Encode(beyond), null, beyond.Length, 2))).ShouldContain($"deletes row {Count}, and the file has {Count} rows");
    }

    [Fact]
    public async Task A_file_that_uses_what_is_not_read_is_said_to_be_unsupported()
    {
        var snapshot = await Written(vector: null);
        var path = Path.Combine(_table.Folder, snapshot.Files.Single().Path);
        var bytes = await File.ReadAllBytesAsync(path);
        "PARE"u8.CopyTo(bytes.AsSpan(bytes.Length - 4));
        await File.WriteAllBytesAsync(path, bytes);
        var error = await Should.ThrowAsync<DeltaException>(() => LiveRows(snapshot));
        error.Class.ShouldBe(DeltaErrorClass.UnsupportedDataFile);
        error.Message.ShouldContain(snapshot.Files.Single().Path);
    }

    private async Task AreDeleted(DeletionVector vector) => (await LiveRows(vector)).ShouldBe(
        Enumerable.Range(0, Count).Select(row => (long)row).Where(row => row is not (0 or 5 or 16_383 or 16_384 or Count - 1 or (>= 20_000 and < 29_999))));

    private DeletionVector Stored(string where, byte[] file, int? offset)
    {
        Directory.CreateDirectory(_table.Folder);
        if (where == "u")
        {
            var id = new Guid("d2c639aa-8816-431a-aaf6-d3fe2512ff61");
            Directory.CreateDirectory(Path.Combine(_table.Folder, "ab"));
            File.WriteAllBytes(Path.Combine(_table.Folder, "ab", $"deletion_vector_{id}.bin"), file);
            return new DeletionVector("u", "ab" + HandmadeVector.Encode(id.ToByteArray(bigEndian: true)), offset, Some.Length, SomeCount);
        }

        var path = Path.Combine(_table.Folder, "odd %7 name.bin");
        File.WriteAllBytes(path, file);
        var encoded = path.Replace("%", "%25", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal);
        return new DeletionVector("p", where == "file" ? $"file://{encoded}" : encoded, offset, Some.Length, SomeCount);
    }

    private async Task<string> Refused(DeletionVector vector)
    {
        var error = await Should.ThrowAsync<DeltaException>(() => LiveRows(vector));
        error.Class.ShouldBe(DeltaErrorClass.CorruptDeletionVector);
        error.Message.ShouldContain(vector.UniqueId);
        return error.Message;
    }

    private async Task<List<long>> LiveRows(DeletionVector vector) => await LiveRows(await Written(vector));

    private async Task<List<long>> LiveRows(Snapshot snapshot)
    {
        var rows = new List<long>();
        await foreach (var batch in DeltaReader.At(_table.Folder).ReadFiles(snapshot, PartitionValues.None))
        {
            using (batch)
            {
                batch.RowCount.ShouldBeGreaterThan(0);
                rows.AddRange(((ValueColumn<long>)batch["n"]).Values);
            }
        }

        return rows;
    }

    /// <summary>A table of one file with the vector, as another writer leaves it.</summary>
    private async Task<Snapshot> Written(DeletionVector? vector)
    {
        if (!Directory.Exists(_table.LogFolder))
        {
            var rows = new ColumnBatch(DataFileSchema.Of(Numbers), [new ValueColumn<long>([.. Enumerable.Range(0, Count).Select(row => (long)row)])]);
            await DeltaWriter.At(_table.Folder).AppendRows(Numbers, PartitionValues.None, new[] { rows }.ToAsyncEnumerable(), CommitOrigin.None);
        }

        var written = await _table.Table.ReadSnapshot(0);
        var state = new SnapshotState(written.State);
        state.Put(written.Files.Single() with { DeletionVector = vector });
        if (vector is not null)
        {
            state.Apply(new RemoveFile { Path = written.Files.Single().Path }, version: null);
        }

        return new Snapshot(_table.Folder, state);
    }
}
