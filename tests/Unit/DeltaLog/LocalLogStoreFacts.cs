using System.Text;
using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class LocalLogStoreFacts : IDisposable
{
    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Of_many_that_put_one_name_exactly_one_succeeds_and_its_content_stays()
    {
        for (var round = 0; round < 20; round++)
        {
            var name = LogFile.CommitName(round);
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var puts = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                await start.Task;
                return await new LocalLogStore(_table.Folder).PutIfAbsent(name, Encoding.UTF8.GetBytes($"writer {writer}"));
            })).ToArray();
            start.SetResult();
            var won = await Task.WhenAll(puts);
            won.Count(success => success).ShouldBe(1);
            using var content = (await _table.Log.TryRead(name)).ShouldNotBeNull();
            Encoding.UTF8.GetString(content.Memory.Span).ShouldBe($"writer {Array.IndexOf(won, true)}");
        }

        Directory.EnumerateFiles(_table.LogFolder, ".*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_of_a_commits_name_is_no_commit()
    {
        await _table.Log.PutIfAbsent(LogFile.CommitName(0), new byte[] { 1 });
        var name = LogFile.CommitName(1);
        Directory.CreateDirectory(Path.Combine(_table.LogFolder, name));
        (await _table.Log.TryRead(name)).ShouldBeNull();
        (await _table.Log.TryStat(name)).ShouldBeNull();
        await Should.ThrowAsync<FileNotFoundException>(async () => await _table.Log.ReadRange(name, 0, new byte[1]));
        (await Names("")).ShouldBe([LogFile.CommitName(0)]);
    }

    [Fact]
    public async Task Names_are_listed_in_order_from_after_a_name_on()
    {
        foreach (var name in new[] { "c", "a", "d", "b", ".hidden" })
        {
            Directory.CreateDirectory(_table.LogFolder);
            await File.WriteAllTextAsync(Path.Combine(_table.LogFolder, name), "");
        }

        (await Names("")).ShouldBe(["a", "b", "c", "d"]);
        (await Names("b")).ShouldBe(["c", "d"]);
        (await Names("bb")).ShouldBe(["c", "d"]);
        (await Names("d")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Files_are_read_whole_and_in_ranges()
    {
        (await _table.Log.TryRead("absent")).ShouldBeNull();
        (await _table.Log.TryStat("absent")).ShouldBeNull();
        await _table.Log.PutIfAbsent("file", "0123456789"u8.ToArray());
        (await _table.Log.TryStat("file"))!.Value.Size.ShouldBe(10);
        var buffer = new byte[4];
        (await _table.Log.ReadRange("file", 3, buffer)).ShouldBe(4);
        Encoding.UTF8.GetString(buffer).ShouldBe("3456");
        (await _table.Log.ReadRange("file", 8, buffer)).ShouldBe(2);
        (await _table.Log.ReadRange("file", 20, buffer)).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_crashed_writer_left_is_ignored_and_swept_once_it_is_old()
    {
        await _table.Created(TemporaryTable.File("f0", "a"));
        var young = Path.Combine(_table.LogFolder, ".latecomer-11111111111111111111111111111111.tmp");
        var old = Path.Combine(_table.LogFolder, ".latecomer-22222222222222222222222222222222.tmp");
        var foreign = Path.Combine(_table.LogFolder, ".00000000000000000001.json.of-spark.tmp");
        foreach (var leftover in new[] { young, old, foreign })
        {
            await File.WriteAllTextAsync(leftover, "{\"add\":");
        }

        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));
        File.SetLastWriteTimeUtc(foreign, DateTime.UtcNow.AddHours(-2));
        var reopened = DeltaTable.At(_table.Folder);
        (await reopened.ReadSnapshot()).Version.ShouldBe(0);
        (await reopened.Append([TemporaryTable.File("f1", "a")], CommitOrigin.None)).ShouldBe(new CommitResult.Committed(1));
        File.Exists(young).ShouldBeTrue();
        File.Exists(old).ShouldBeFalse();
        File.Exists(foreign).ShouldBeTrue();
    }

    private async Task<List<string>> Names(string after)
    {
        var names = new List<string>();
        await foreach (var name in _table.Log.List(after))
        {
            names.Add(name);
        }

        return names;
    }
}
