using System.Text;
using Latecomer.DeltaLog;

namespace Latecomer.Tests.Testing.DeltaLog;

/// <summary>What every <see cref="ILogStore"/> guarantees, whatever it keeps files in.</summary>
public abstract class LogStoreCompliance
{
    /// <summary>An empty store of its own for each test.</summary>
    protected abstract ILogStore Store { get; }

    [Fact]
    public async Task Names_are_listed_in_ordinal_order()
    {
        await Put("b", "C", "a", "10", "2", "_c", "a.b", "a-b", "é", "z");
        (await Names("")).ShouldBe(["10", "2", "C", "_c", "a", "a-b", "a.b", "b", "z", "é"]);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("c")]
    [InlineData("cc")]
    [InlineData("zz")]
    public async Task A_listing_goes_on_behind_any_name_be_it_there_or_not(string after)
    {
        string[] names = ["a", "b", "c", "d", "e"];
        await Put(names);
        (await Names(after)).ShouldBe(names.Where(name => string.CompareOrdinal(name, after) > 0));
    }

    [Fact]
    public async Task A_listing_that_was_left_is_resumed_behind_the_last_name_seen_and_sees_what_came_since()
    {
        await Put("a", "b", "c", "d", "e");
        var seen = new List<string>();
        await foreach (var name in Store.List(""))
        {
            seen.Add(name);
            if (seen.Count == 3)
            {
                break;
            }
        }

        await Put("aa", "dd");
        seen.AddRange(await Names(seen[^1]));
        seen.ShouldBe(["a", "b", "c", "d", "dd", "e"]);
    }

    [Fact]
    public async Task Hidden_names_are_not_listed()
    {
        await Put("a", ".hidden");
        (await Names("")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Where_there_is_no_log_there_is_no_table()
    {
        (await Should.ThrowAsync<DeltaException>(() => Names(""))).Class.ShouldBe(DeltaErrorClass.TableNotFound);
        (await Store.TryRead("a")).ShouldBeNull();
        (await Store.TryStat("a")).ShouldBeNull();
    }

    [Fact]
    public async Task A_listing_ends_when_it_is_cancelled()
    {
        await Put("a", "b");
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Store.List("", cancellation.Token))
            {
            }
        });
    }

    [Fact]
    public async Task A_file_is_put_once()
    {
        (await Store.PutIfAbsent("a", Bytes("first"))).ShouldBeTrue();
        (await Store.PutIfAbsent("a", Bytes("second"))).ShouldBeFalse();
        (await Content("a")).ShouldBe("first");
        (await Names("")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Of_many_that_put_one_name_at_once_exactly_one_succeeds_and_its_content_stays()
    {
        for (var round = 0; round < 10; round++)
        {
            var name = $"{round}";
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var puts = Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
            {
                await start.Task;
                return await Store.PutIfAbsent(name, Bytes($"writer {writer}"));
            })).ToArray();
            start.SetResult();
            var won = await Task.WhenAll(puts);
            won.Count(success => success).ShouldBe(1);
            (await Content(name)).ShouldBe($"writer {Array.IndexOf(won, true)}");
        }
    }

    [Fact]
    public async Task A_file_that_is_written_bit_by_bit_is_put_once_and_whole()
    {
        (await Store.PutIfAbsent("a", (stream, token) => WriteParts(stream, "first", token))).ShouldBeTrue();
        (await Store.PutIfAbsent("a", (stream, token) => WriteParts(stream, "second", token))).ShouldBeFalse();
        (await Content("a")).ShouldBe("first");
        (await Names("")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Nothing_is_put_when_writing_it_fails()
    {
        await Put("a");
        await Should.ThrowAsync<InvalidDataException>(async () => await Store.PutIfAbsent("b", async (stream, token) =>
        {
            await WriteParts(stream, "half", token);
            (await Names("")).ShouldBe(["a"], "what is not whole is not there");
            throw new InvalidDataException("the rest is missing");
        }));
        (await Names("")).ShouldBe(["a"]);
        (await Store.TryRead("b")).ShouldBeNull();
        (await Store.PutIfAbsent("b", Bytes("whole"))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_is_replaced_whether_it_is_there_or_not()
    {
        await Store.Replace("a", Bytes("a longer text"));
        (await Content("a")).ShouldBe("a longer text");
        await Store.Replace("a", Bytes("short"));
        (await Content("a")).ShouldBe("short");
        (await Names("")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Who_reads_while_a_file_is_replaced_finds_one_content_or_the_other()
    {
        string[] contents = [new('a', 10_000), new('b', 20_000)];
        await Store.Replace("a", Bytes(contents[0]));
        var replacing = Task.Run(async () =>
        {
            for (var round = 1; round <= 60; round++)
            {
                await Store.Replace("a", Bytes(contents[round % 2]));
            }
        });
        while (!replacing.IsCompleted)
        {
            contents.ShouldContain(await Content("a"));
        }

        await replacing;
    }

    [Fact]
    public async Task What_was_put_does_not_change_with_the_bytes_that_it_came_from()
    {
        var bytes = Bytes("before");
        await Store.PutIfAbsent("a", bytes);
        Array.Clear(bytes);
        (await Content("a")).ShouldBe("before");
    }

    [Theory]
    [InlineData(0, 5, "01234")]
    [InlineData(3, 4, "3456")]
    [InlineData(8, 5, "89")]
    [InlineData(10, 5, "")]
    [InlineData(1_000, 5, "")]
    [InlineData(0, 0, "")]
    public async Task A_range_is_read_as_far_as_the_file_goes(long offset, int length, string expected)
    {
        await Store.PutIfAbsent("a", Bytes("0123456789"));
        var buffer = new byte[length];
        var read = await Store.ReadRange("a", offset, buffer);
        Encoding.UTF8.GetString(buffer, 0, read).ShouldBe(expected);
    }

    [Theory]
    [InlineData("b")]
    [InlineData("_sidecars/b")]
    [InlineData("_sidecars/\0")]
    [InlineData("a/b")]
    public Task A_file_that_is_not_there_is_not_found(string name) => IsNotFound(name);

    [Fact]
    public Task A_name_longer_than_any_is_not_found() => IsNotFound($"_sidecars/{new string('x', 5_000)}");

    private async Task IsNotFound(string name)
    {
        await Put("a");
        (await Store.TryRead(name)).ShouldBeNull();
        (await Store.TryStat(name)).ShouldBeNull();
        await Should.ThrowAsync<FileNotFoundException>(async () => await Store.ReadRange(name, 0, new byte[1]));
    }

    [Fact]
    public async Task A_file_says_its_size_and_that_it_was_put_just_now()
    {
        await Put("empty");
        await Store.PutIfAbsent("a", Bytes("0123456789"));
        (await Store.TryStat("empty")).ShouldNotBeNull().Size.ShouldBe(0);
        var status = (await Store.TryStat("a")).ShouldNotBeNull();
        status.Size.ShouldBe(10);
        (DateTimeOffset.UtcNow - status.LastModified).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(5));
        (await Content("empty")).ShouldBe("");
    }

    private static async ValueTask WriteParts(Stream stream, string text, CancellationToken cancellation)
    {
        foreach (var unit in Bytes(text))
        {
            await stream.WriteAsync(new[] { unit }, cancellation);
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task Put(params string[] names)
    {
        foreach (var name in names)
        {
            (await Store.PutIfAbsent(name, ReadOnlyMemory<byte>.Empty)).ShouldBeTrue();
        }
    }

    private async Task<string> Content(string name)
    {
        using var content = (await Store.TryRead(name)).ShouldNotBeNull();
        return Encoding.UTF8.GetString(content.Memory.Span);
    }

    private async Task<List<string>> Names(string after)
    {
        var names = new List<string>();
        await foreach (var name in Store.List(after))
        {
            names.Add(name);
        }

        return names;
    }
}
