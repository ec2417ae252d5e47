using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class TimeTravelFacts : IDisposable
{
    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData(1_000, 0)]
    [InlineData(1_999, 0)]
    [InlineData(2_000, 1)]
    [InlineData(2_999, 1)]
    [InlineData(3_000, 2)]
    public async Task The_version_at_an_instant_is_the_last_one_that_was_put_by_then(long instant, long version)
    {
        PutAt(1_000, 2_000, 3_000);
        (await Find(instant)).ShouldBe(version);
    }

    [Fact]
    public async Task A_part_of_a_millisecond_before_a_commit_is_before_it()
    {
        PutAt(1_000, 2_000);
        (await _table.Table.FindVersion(DateTimeOffset.FromUnixTimeMilliseconds(2_000).AddTicks(-1))).ShouldBe(0);
    }

    [Theory]
    [InlineData(999, "lies before the first commit")]
    [InlineData(3_001, "lies after the latest commit")]
    public async Task Beyond_the_log_the_error_tells_its_range(long instant, string where)
    {
        PutAt(1_000, 2_000, 3_000);
        var error = await Refused(instant);
        error.Class.ShouldBe(DeltaErrorClass.VersionNotFound);
        error.Message.ShouldContain(where);
        error.Message.ShouldEndWith("the log reaches from 1970-01-01T00:00:01.000Z, version 0, to 1970-01-01T00:00:03.000Z, version 2");
    }

    [Fact]
    public async Task Times_of_files_that_do_not_grow_are_moved_to_a_millisecond_after_the_one_before()
    {
        PutAt(5_000, 4_000, 5_000, 9_000);
        (await Find(5_000)).ShouldBe(0);
        (await Find(5_001)).ShouldBe(1);
        (await Find(5_002)).ShouldBe(2);
        (await Find(8_999)).ShouldBe(2);
        (await Find(9_000)).ShouldBe(3);
    }

    [Fact]
    public async Task What_is_cleaned_up_cannot_be_travelled_to_though_its_commits_are_left()
    {
        PutAt(1_000, 2_000, 3_000, 4_000, 5_000);
        File.Delete(_table.PathOf(0));
        PutCheckpoint(3);
        (await Find(4_500)).ShouldBe(3);
        var error = await Refused(3_999);
        error.Class.ShouldBe(DeltaErrorClass.VersionNotReachable);
        error.Message.ShouldEndWith("what is left of the log reaches from 1970-01-01T00:00:04.000Z, version 3, to 1970-01-01T00:00:05.000Z, version 4");
        (await _table.Table.ReadSnapshot(await Find(4_500))).Version.ShouldBe(3);
        await Should.ThrowAsync<DeltaException>(async () => await _table.Table.ReadSnapshot(2));
    }

    [Fact]
    public async Task A_checkpoint_whose_own_commit_is_gone_makes_the_next_one_the_bound()
    {
        PutAt(1_000, 2_000, 3_000, 4_000);
        File.Delete(_table.PathOf(0));
        File.Delete(_table.PathOf(1));
        PutCheckpoint(1);
        (await Find(3_500)).ShouldBe(2);
        (await Refused(2_500)).Message.ShouldContain("reaches from 1970-01-01T00:00:03.000Z, version 2");
    }

    [Fact]
    public async Task A_log_with_no_commit_of_its_latest_version_does_not_tell_its_time()
    {
        PutAt(1_000, 2_000);
        File.Delete(_table.PathOf(0));
        File.Delete(_table.PathOf(1));
        PutCheckpoint(1);
        (await Refused(1_500)).Message.ShouldContain("the time of version 1, the latest, is not known");
    }

    [Fact]
    public async Task In_commit_timestamps_count_whatever_the_files_say()
    {
        PutInCommit(0, 1_000, "\"delta.enableInCommitTimestamps\":\"true\"");
        for (var version = 1; version < 20; version++)
        {
            PutInCommit(version, 1_000 + (version * 10));
            Put(version, 50);
        }

        for (var version = 0; version < 20; version++)
        {
            (await Find(1_000 + (version * 10))).ShouldBe(version);
            (await Find(1_000 + (version * 10) + (version < 19 ? 9 : 0))).ShouldBe(version);
        }

        (await Refused(999)).Class.ShouldBe(DeltaErrorClass.VersionNotFound);
        (await Refused(1_191)).Message.ShouldContain("to 1970-01-01T00:00:01.190Z, version 19");
    }

    [Fact]
    public async Task A_table_that_was_given_in_commit_timestamps_has_the_times_of_files_before()
    {
        PutAt(1_000, 2_000);
        PutInCommit(2, 5_000, EnabledFrom(2, 5_000));
        PutInCommit(3, 6_000);
        (await Find(1_500)).ShouldBe(0);
        (await Find(2_000)).ShouldBe(1);
        (await Find(4_999)).ShouldBe(1);
        (await Find(5_000)).ShouldBe(2);
        (await Find(6_000)).ShouldBe(3);
        (await Refused(999)).Message.ShouldContain("reaches from 1970-01-01T00:00:01.000Z, version 0, on");
        (await Refused(6_001)).Class.ShouldBe(DeltaErrorClass.VersionNotFound);
    }

    [Fact]
    public async Task After_the_enablement_only_versions_from_it_on_count_whatever_the_files_before_say()
    {
        PutAt(1_000, 7_000);
        PutInCommit(2, 5_000, EnabledFrom(2, 5_000));
        PutInCommit(3, 8_000);
        (await Find(7_500)).ShouldBe(2);
        (await Find(4_000)).ShouldBe(0);
    }

    [Fact]
    public async Task A_property_without_the_feature_enables_nothing()
    {
        _table.Put(
            0,
            """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
            """{"metaData":{"id":"t1","format":{"provider":"parquet"},"partitionColumns":[],"configuration":{"delta.enableInCommitTimestamps":"true"}}}""");
        Put(0, 1_000);
        Put(1, 2_000);
        (await Find(1_500)).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"commitInfo":{"timestamp":1}}""", "commit 1 has no inCommitTimestamp")]
    [InlineData("""{"txn":{"appId":"a","version":1}}""", "commit 1 has no inCommitTimestamp")]
    public async Task A_promised_timestamp_that_is_missing_is_an_error(string line, string message)
    {
        PutInCommit(0, 1_000, "\"delta.enableInCommitTimestamps\":\"true\"");
        _table.Put(1, line);
        var error = await Refused(1_000);
        error.Class.ShouldBe(DeltaErrorClass.CorruptCommit);
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("x", "2000", "EnablementVersion is 'x', which is no number")]
    [InlineData("7", "2000", "from version 7 on, which lies beyond its latest version, 0")]
    public async Task An_enablement_that_makes_no_sense_is_an_error(string version, string time, string message)
    {
        PutInCommit(0, 1_000, $"\"delta.enableInCommitTimestamps\":\"true\",\"delta.inCommitTimestampEnablementVersion\":\"{version}\",\"delta.inCommitTimestampEnablementTimestamp\":\"{time}\"");
        (await Refused(3_000)).Message.ShouldContain(message);
    }

    [SharedTheory]
    [InlineData("syn-in-commit-timestamps", 7_000, 2)]
    [InlineData("syn-in-commit-timestamps", 9_999, 3)]
    [InlineData("syn-in-commit-timestamps", 10_000, 4)]
    [InlineData("syn-in-commit-timestamps-from-start", 1_700_000_000_001, 0)]
    [InlineData("syn-in-commit-timestamps-from-start", 1_700_000_000_002, 1)]
    public async Task Tables_of_others_with_in_commit_timestamps_are_travelled_in(string name, long instant, long version) =>
        (await DeltaTable.At(Path.Combine(SharedTestData.Root, "delta", name)).FindVersion(DateTimeOffset.FromUnixTimeMilliseconds(instant))).ShouldBe(version);

    private static string EnabledFrom(long version, long time) =>
        $"\"delta.enableInCommitTimestamps\":\"true\",\"delta.inCommitTimestampEnablementVersion\":\"{version}\",\"delta.inCommitTimestampEnablementTimestamp\":\"{time}\"";

    private ValueTask<long> Find(long instant) => _table.Table.FindVersion(DateTimeOffset.FromUnixTimeMilliseconds(instant));

    private Task<DeltaException> Refused(long instant) => Should.ThrowAsync<DeltaException>(async () => await Find(instant));

    private void PutAt(params long[] times)
    {
        _table.PutFirst();
        File.SetLastWriteTimeUtc(_table.PathOf(0), DateTime.UnixEpoch.AddMilliseconds(times[0]));
        for (var version = 1; version < times.Length; version++)
        {
            Put(version, times[version]);
        }
    }

    /// <summary>Sets when a commit was put; makes it where there is none.</summary>
    private void Put(long version, long time)
    {
        if (!File.Exists(_table.PathOf(version)))
        {
            _table.PutAdd(version, $"f{version}", "a");
        }

        File.SetLastWriteTimeUtc(_table.PathOf(version), DateTime.UnixEpoch.AddMilliseconds(time));
    }

    private void PutInCommit(long version, long time, string? configuration = null)
    {
        var info = $$$"""{"commitInfo":{"timestamp":1,"inCommitTimestamp":{{{time}}},"operation":"WRITE"}}""";
        if (configuration is null)
        {
            _table.Put(version, info);
            return;
        }

        _table.Put(
            version,
            info,
            """{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["inCommitTimestamp"]}}""",
            $$$"""{"metaData":{"id":"t1","format":{"provider":"parquet"},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":["p"],"configuration":{ {{{configuration}}} } } }""");
    }

    private void PutCheckpoint(long version) => File.WriteAllText(
        Path.Combine(_table.LogFolder, $"{version:D20}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json"),
        $$$$"""
        {"checkpointMetadata":{"version":{{{{version}}}}}}
        {"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["v2Checkpoint"],"writerFeatures":["v2Checkpoint"]}}
        {"metaData":{"id":"t1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":["p"],"configuration":{}}}
        """);
}
