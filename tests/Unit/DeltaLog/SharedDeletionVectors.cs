using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Deletion vectors that Spark wrote, against what another decoder says of them.</summary>
public sealed class SharedDeletionVectors
{
    [SharedTheory]
    [InlineData("deltars-cdf-table-with-cdc-and-dvs", "1cc9a236d4.c000.snappy.parquet", "0,1,2,3,4,6")]
    [InlineData("deltars-table-with-dv-small", "d5516560ca-c000.snappy.parquet", "0,9")]
    [InlineData("derived-deletion-logs-only-last-checkpoint", "fc5137c77d.c000.snappy.parquet", "2,79")]
    [InlineData("derived-dv-gap-before-checkpoint", "596132203d-c000.snappy.parquet", "0,11,22,33,44,55,66,77,88,99,110,121,132,143,154,165,176,187,198,209,220,231,242")]
    [InlineData("golden-log-replay-dv-key-cases", "dcba39fd06-c000.snappy.parquet", "0,7,14")]
    [InlineData("golden-dv-partitioned-with-checkpoint", "86cecb5cc2.c000.snappy.parquet", "0")]
    [InlineData("kerneljava-basic-dv-no-checkpoint", "6a6536df5b-c000.snappy.parquet", "0,1")]
    [InlineData("spark-partitioned-table-with-dv-large", "e6826df6bc.c000.snappy.parquet", "0,18,30,180")]
    [InlineData("spark-partitioned-table-with-dv-large", "7f8fec6221.c000.snappy.parquet", "25,100,156")]
    [InlineData("spark-table-with-dv-large", "edcd855b15-c000.snappy.parquet", "6,43")]
    [InlineData("spark-table-with-dv-small", "6a1a94a34a-c000.snappy.parquet", "0,9")]
    public async Task The_rows_that_a_vector_deletes_are_those_that_another_decoder_finds(string name, string file, string rows)
    {
        var folder = ExpectedTable.LoadShared(name).Table;
        var snapshot = await DeltaTable.At(folder).ReadSnapshot();
        var add = snapshot.Files.Single(active => active.Path.EndsWith(file, StringComparison.Ordinal));
        var deleted = await new DeletionVectorReader(new PrefixedStore(folder)).Read(folder, add, add.DeletionVector!, default);
        long[] expected = [.. rows.Split(',').Select(long.Parse)];
        deleted.Count.ShouldBe(expected.Length);
        var live = deleted.LiveOf(0, (int)add.NumRecords!.Value).ShouldNotBeNull();
        Enumerable.Range(0, (int)add.NumRecords.Value).Except(live).Select(row => (long)row).ShouldBe(expected);
    }

    [SharedTheory]
    [MemberData(nameof(ExpectedTable.SharedNames), MemberType = typeof(ExpectedTable))]
    public async Task The_live_rows_of_a_table_are_as_many_as_they_should_be(string name)
    {
        var expected = ExpectedTable.LoadShared(name);
        var latest = expected.IsReadable ? expected.Root.GetProperty("versions").EnumerateArray().Last() : default;
        if (!expected.IsReadable || latest.GetProperty("filesWithoutNumRecords").GetInt64() > 0)
        {
            return;
        }

        var snapshot = await DeltaTable.At(expected.Table).ReadSnapshot(latest.GetProperty("version").GetInt64());
        if (!snapshot.Files.All(file => File.Exists(Path.Combine(expected.Table, file.DecodedPath))))
        {
            return;
        }

        var rows = 0L;
        foreach (var partition in snapshot.Partitions.Keys)
        {
            await foreach (var batch in new DeltaReader(new PrefixedStore(expected.Table)).ReadFiles(snapshot, partition, []))
            {
                rows += batch.RowCount;
            }
        }

        rows.ShouldBe(latest.GetProperty("numRecordsLive").GetInt64());
    }
}
