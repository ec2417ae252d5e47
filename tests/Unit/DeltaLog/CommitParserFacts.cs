using System.Text;
using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class CommitParserFacts
{
    [Theory]
    [InlineData("{\"add\":{\"path\":\"a\"}}\n[1,2]\n", 2, 2, "object")]
    [InlineData("\n\n{\"add\":{\"path\":7}}", 3, 17, "string")]
    [InlineData("{\"add\":{\"path\":\"a\",\"size\":1.5}}", 1, 30, "64 bits")]
    [InlineData("{\"add\":{\"size\":1}}", 1, 18, "path")]
    [InlineData("{\"add\":{\"path\":\"a\"", 1, 19, "")]
    [InlineData("{\"txn\":{\"appId\":\"a\",\"version\":1}} x", 1, 35, "")]
    [InlineData("{\"add\":[]}", 1, 9, "an object")]
    [InlineData("{\"add\":{\"path\":\"\\uD800\"}}", 1, 16, "")]
    public void A_malformed_line_is_refused_by_file_line_and_column(string text, int line, int column, string reason)
    {
        var error = Should.Throw<DeltaException>(() => Parse(text));
        error.Class.ShouldBe(DeltaErrorClass.CorruptCommit);
        error.Message.ShouldContain($"there: commit 00000000000000000007.json is corrupt at line {line}, column {column}: ");
        error.Message.ShouldContain(reason);
    }

    [Fact]
    public void Blank_lines_carriage_returns_null_and_unknown_actions_are_passed_over()
    {
        var commit = Parse("\uFEFF{\"add\":{\"path\":\"a\",\"new\":{\"deep\":[[{}]]}},\"remove\":null}\r\n\r\n  \n{\"futureAction\":{\"add\":{\"path\":\"no\"}}}\n{\"cdc\":{\"path\":\"c\"}}\n{\"txn\":{\"appId\":\"x\",\"version\":9223372036854775807}}");
        commit.Actions.Count.ShouldBe(2);
        commit.Actions[0].ShouldBeOfType<AddFile>().Path.ShouldBe("a");
        commit.Actions[1].ShouldBe(new SetTransaction("x", long.MaxValue));
        commit.Lines.ShouldBe(4);
        commit.CdcFiles.ShouldBe(1);
    }

    [Fact]
    public void An_empty_string_and_null_are_one_partition()
    {
        var commit = Parse("{\"add\":{\"path\":\"a\",\"partitionValues\":{\"p\":\"\",\"q\":\"1\"}}}\n{\"add\":{\"path\":\"b\",\"partitionValues\":{\"q\":\"1\",\"p\":null}}}");
        var values = commit.Actions.OfType<AddFile>().Select(add => add.PartitionValues).ToArray();
        values[0].ShouldBe(values[1]);
        values[0].GetHashCode().ShouldBe(values[1].GetHashCode());
        values[0]["p"].ShouldBeNull();
        values[0].HasEmptyStrings.ShouldBeTrue();
        values[1].HasEmptyStrings.ShouldBeFalse();
        values[0].ToString().ShouldBe("p=null/q=1");
    }

    [Fact]
    public void A_deletion_vector_without_offset_is_not_the_one_at_offset_0()
    {
        var commit = Parse("{\"add\":{\"path\":\"a\",\"deletionVector\":{\"storageType\":\"u\",\"pathOrInlineDv\":\"x\",\"sizeInBytes\":1,\"cardinality\":2},\"stats\":\"{\\\"numRecords\\\":5}\"}}\n{\"add\":{\"path\":\"a\",\"deletionVector\":{\"storageType\":\"u\",\"pathOrInlineDv\":\"x\",\"offset\":0,\"sizeInBytes\":1,\"cardinality\":2}}}");
        var adds = commit.Actions.OfType<AddFile>().ToArray();
        adds[0].DeletionVector!.UniqueId.ShouldBe("ux");
        adds[1].DeletionVector!.UniqueId.ShouldBe("ux@0");
        adds[0].LiveRecords.ShouldBe(3);
        adds[1].LiveRecords.ShouldBeNull();
    }

    [Fact]
    public void Paths_are_decoded_once_and_a_plus_stays()
    {
        LogPath.Decode("p=a%2520b+c/%C3%BC%25.parquet").ShouldBe("p=a%20b+c/ü%.parquet");
        LogPath.Decode(LogPath.Encode("p=a%20b c+d/ü?#.parquet")).ShouldBe("p=a%20b c+d/ü?#.parquet");
    }

    [Fact]
    public void Broken_statistics_are_no_reason_to_refuse_a_file()
    {
        var commit = Parse("{\"add\":{\"path\":\"a\",\"stats\":\"{\\\"numRecords\\\":5,\"}}\n{\"add\":{\"path\":\"b\",\"stats\":\"\"}}\n{\"add\":{\"path\":\"c\",\"stats\":\"{\\\"minValues\\\":{\\\"numRecords\\\":3}}\"}}");
        commit.Actions.OfType<AddFile>().ShouldAllBe(add => add.NumRecords == null);
    }

    [Theory]
    [InlineData("""{"add":{"path":"a","stats":"{\"numRecords\":5}","stats":"file:///x"}}""", null)]
    [InlineData("""{"add":{"path":"a","stats":"{\"numRecords\":5}","stats":"{\"numRecords\":6}"}}""", 6L)]
    [InlineData("""{"add":{"path":"a","stats_parsed":{"numRecords":7},"stats":"{}"}}""", 7L)]
    [InlineData("""{"add":{"path":"a","stats":"{\"numRecords\":5}","stats_parsed":{"numRecords":7}}}""", 5L)]
    public void Of_statistics_that_are_there_twice_the_last_count_and_the_text_before_the_object(string line, long? rows) =>
        Parse(line).Actions.OfType<AddFile>().ShouldHaveSingleItem().NumRecords.ShouldBe(rows);

    [Fact]
    public void Commit_info_keeps_parameters_and_tags_whatever_their_type()
    {
        var info = Parse("{\"commitInfo\":{\"timestamp\":5,\"operation\":\"WRITE\",\"operationParameters\":{\"mode\":\"Append\",\"n\":3,\"o\":{\"a\":[1,\"x\",null,true]}},\"isBlindAppend\":true,\"tags\":{\"latecomer.runId\":\"r\"},\"job\":{\"jobId\":\"1\"},\"userMetadata\":null}}").CommitInfo!;
        info.OperationParameters["mode"].ShouldBe("Append");
        info.OperationParameters["n"].ShouldBe("3");
        info.OperationParameters["o"].ShouldBe("{\"a\":[1,\"x\",null,true]}");
        info.Tags[CommitTags.RunId].ShouldBe("r");
        info.IsBlindAppend.ShouldBe(true);
    }

    [Theory]
    [InlineData("00000000000000000007.json", typeof(LogFile.Commit))]
    [InlineData("00000000000000000007.checkpoint.parquet", typeof(LogFile.Checkpoint))]
    [InlineData("00000000000000000007.checkpoint.0000000001.0000000002.parquet", typeof(LogFile.Checkpoint))]
    [InlineData("00000000000000000007.checkpoint.0000000003.0000000002.parquet", typeof(LogFile.Other))]
    [InlineData("00000000000000000007.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json", typeof(LogFile.Checkpoint))]
    [InlineData("00000000000000000000.00000000000000000007.compacted.json", typeof(LogFile.Compaction))]
    [InlineData("00000000000000000007.crc", typeof(LogFile.Other))]
    [InlineData("0000000000000000007.json", typeof(LogFile.Other))]
    [InlineData("00000000000000000007.json.tmp", typeof(LogFile.Other))]
    [InlineData("_last_checkpoint", typeof(LogFile.Other))]
    [InlineData("99999999999999999999.json", typeof(LogFile.Other))]
    public void A_name_says_what_a_log_file_is(string name, Type kind) => LogFile.Parse(name).ShouldBeOfType(kind);

    private static Commit Parse(string text) => CommitParser.Parse("there", 7, Encoding.UTF8.GetBytes(text), ActionDetail.Counts);
}
