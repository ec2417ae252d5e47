using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Whatever a log holds, every way to read it ends in an answer or in a <see cref="DeltaException"/>.</summary>
public sealed class MutatedLogFacts
{
    private const int MutationsOfHandmade = 40;
    private const int MutationsOfShared = 6;
    private const long MaxSharedBytes = 300_000;

    public static TheoryData<string> Handmade => [.. Tables(HandmadeTables.Folder, long.MaxValue)];

    public static TheoryData<string> Shared => SharedTestData.SkipReason is not null
        ? new TheoryData<string>()
        : [.. Tables(Path.Combine(SharedTestData.Root, "delta"), MaxSharedBytes)];

    [Theory]
    [MemberData(nameof(Handmade))]
    public Task A_mutated_log_made_by_hand_is_read_or_refused(string name) => Check(Path.Combine(HandmadeTables.Folder, name), MutationsOfHandmade);

    [SharedTheory]
    [MemberData(nameof(Shared))]
    public Task A_mutated_log_of_another_writer_is_read_or_refused(string name) => Check(Path.Combine(SharedTestData.Root, "delta", name), MutationsOfShared);

    [Fact]
    public async Task A_commit_named_by_the_greatest_number_is_none()
    {
        var log = PagedLogStore.Of(Path.Combine(HandmadeTables.Folder, "syn-random-01"));
        log.Replace("09223372036854775807.json", log.Files[0].Value);
        (await InspectionDocument.Write(log, Stream.Null)).ShouldBeNull();
        (await new DeltaTable(log, TimeProvider.System, Guid.NewGuid).ReadSnapshot()).Version.ShouldBe(29);
    }

    private static IEnumerable<string> Tables(string folder, long maxBytes) => Directory.EnumerateDirectories(folder)
        .Where(table => PagedLogStore.Of(table).Files.Sum(file => (long)file.Value.Length) is > 0 and var bytes && bytes <= maxBytes)
        .Select(table => Path.GetFileName(table)).Order(StringComparer.Ordinal);

    private static async Task Check(string table, int count)
    {
        for (var seed = 0; seed < count; seed++)
        {
            var log = PagedLogStore.Of(table, pageSize: 10);
            LogMutation.Apply(log, new Random(seed));
            foreach (var read in Reads(log))
            {
                try
                {
                    await read();
                }
                catch (DeltaException)
                {
                }
                catch (Exception exception)
                {
                    throw new InvalidOperationException($"mutation {seed}: {exception.Message}", exception);
                }
            }
        }
    }

    private static IEnumerable<Func<Task>> Reads(PagedLogStore log)
    {
        var table = new DeltaTable(log, TimeProvider.System, Guid.NewGuid);
        yield return async () => await table.ReadSnapshot();
        yield return async () => await table.ReadPartitions();
        yield return async () => await table.FindVersion(DateTimeOffset.UtcNow.AddYears(-1));
        yield return async () => await LogDefinition.Read(log);
        yield return () => InspectionDocument.Write(log, Stream.Null);
        yield return async () =>
        {
            var follower = new LogFollower(log);
            var at = await follower.FindOldest();
            while (await follower.ReadAfter(at, limit: 5) is FollowResult.Commits { Changes: { Count: > 0 } changes })
            {
                at = changes[^1].Position;
            }
        };
    }
}
