using System.Runtime.Versioning;
using Latecomer.Node.Cli;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Node.Cli;

/// <summary>The console's line: what keys make of it.</summary>
[SupportedOSPlatform("linux")]
public sealed class LineEditorTests : IDisposable
{
    private const ConsoleKey Left = ConsoleKey.LeftArrow;
    private const ConsoleKey Up = ConsoleKey.UpArrow;

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _screen = new();

    private string HistoryFile => Path.Combine(_folder.Path, "state", "history");

    public void Dispose()
    {
        _folder.Dispose();
        _screen.Dispose();
    }

    [Fact]
    public async Task What_is_typed_is_read() => (await Read("runs list")).ShouldBe("runs list");

    [Fact]
    public async Task The_middle_of_a_line_can_be_changed()
    {
        (await Read("runs lst", Left, Left, 'i')).ShouldBe("runs list");
        (await Read("xrun list", ConsoleKey.Home, ConsoleKey.Delete, ConsoleKey.End, "!", ConsoleKey.Backspace)).ShouldBe("run list");
        (await Read("runs clear now", Control(ConsoleKey.W), "later")).ShouldBe("runs clear later");
        (await Read("clear", Control(ConsoleKey.A), "runs ", Control(ConsoleKey.E), " x")).ShouldBe("runs clear x");
        (await Read("all wrong", Control(ConsoleKey.U), "right")).ShouldBe("right");
        (await Read("runs list more", Control(Left), Control(ConsoleKey.K), "x")).ShouldBe("runs list x");
        (await Read("a", Left, Left, ConsoleKey.Backspace, ConsoleKey.RightArrow, ConsoleKey.RightArrow, ConsoleKey.Delete, "b")).ShouldBe("ab", "the ends of a line hold");
    }

    [Fact]
    public async Task Control_c_gives_a_line_up_and_control_d_ends_only_an_empty_one()
    {
        (await Read("runs", Control(ConsoleKey.C))).ShouldBe("");
        (await Read(Control(ConsoleKey.D))).ShouldBeNull();
        (await Read("ab", Left, Control(ConsoleKey.D))).ShouldBe("a");
    }

    [Fact]
    public async Task Lines_of_before_come_back_and_what_was_typed_meanwhile_too()
    {
        var history = new History(HistoryFile);
        history.Add("first");
        history.Add("second");
        (await Read(history, [Up])).ShouldBe("second");
        (await Read(history, [Up, Up, Up])).ShouldBe("first");
        (await Read(history, ["typed", Up, Up, ConsoleKey.DownArrow, ConsoleKey.DownArrow])).ShouldBe("typed");
        new History(HistoryFile).Lines.ShouldBe(["first", "second"], "another session has them");
    }

    [Fact]
    public void What_may_be_secret_is_not_kept_and_what_is_kept_is_its_owners()
    {
        var history = new History(HistoryFile);
        foreach (var line in new[] { "runs list --token abc", "state backup f --store 'Password=p'", " from a space", "", "runs list", "runs list" })
        {
            history.Add(line);
        }

        history.Lines.ShouldBe(["runs list"]);
        File.GetUnixFileMode(HistoryFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Tab_completes_as_far_as_all_agree_and_shows_them_where_that_is_nowhere()
    {
        (await Read("ru", ConsoleKey.Tab, "li", ConsoleKey.Tab)).ShouldBe("runs list ");
        (await Read("p", ConsoleKey.Tab)).ShouldBe("par", "parquet and partitions agree so far");
        _screen.ToString().ShouldNotContain("partitions");
        (await Read("par", ConsoleKey.Tab, "ti", ConsoleKey.Tab)).ShouldBe("partitions ");
        _screen.ToString().ShouldContain("partitions  by date");
        (await Read("zz", ConsoleKey.Tab, "!")).ShouldBe("zz!");
    }

    private static ConsoleKeyInfo Control(ConsoleKey key) => new('\0', key, shift: false, alt: false, control: true);

    private static IEnumerable<ConsoleKeyInfo> Keys(object typed) => typed switch
    {
        string text => text.Select(c => new ConsoleKeyInfo(c, ConsoleKey.None, shift: false, alt: false, control: false)),
        char c => [new ConsoleKeyInfo(c, ConsoleKey.None, shift: false, alt: false, control: false)],
        ConsoleKey key => [new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false)],
        ConsoleKeyInfo key => [key],
        _ => throw new ArgumentOutOfRangeException(nameof(typed)),
    };

    private static Task<IReadOnlyList<Candidate>?> Complete(string before)
    {
        Candidate[] all = [new("runs"), new("list"), new("parquet", "a file"), new("partitions", "by date")];
        return Task.FromResult<IReadOnlyList<Candidate>?>([.. all.Where(c => c.Value.StartsWith(before.Split(' ')[^1], StringComparison.Ordinal))]);
    }

    private Task<string?> Read(params object[] typed) => Read(new History(file: null), typed);

    private async Task<string?> Read(History history, object[] typed)
    {
        var keys = new Queue<ConsoleKeyInfo>(typed.SelectMany(Keys).Append(new ConsoleKeyInfo('\r', ConsoleKey.Enter, shift: false, alt: false, control: false)));
        return await new LineEditor(_screen, keys.Dequeue, () => 80, history, Complete).Read("> ");
    }
}
