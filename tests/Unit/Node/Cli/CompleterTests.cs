using Latecomer.Node.Cli;

namespace Latecomer.Tests.Unit.Node.Cli;

/// <summary>What a word at the end of a command line may become.</summary>
public sealed class CompleterTests
{
    private readonly KnownNames _names = new();

    [Theory]
    [InlineData("ru", "runs")]
    [InlineData("backfills c", "create,create-from-late,cancel")]
    [InlineData("cluster dead-letters d", "discard")]
    [InlineData("runs clear --fu", "--future")]
    [InlineData("runs clear --future --fu", "")]
    [InlineData("runs list -o ", "json,plain,table,yaml")]
    [InlineData("runs list --output=j", "--output=json")]
    [InlineData("runs list --state fai", "failed")]
    [InlineData("backfills create p --reprocess-behavior c", "completed")]
    [InlineData("completion ", "bash,zsh,fish")]
    [InlineData("no such command ", "")]
    public async Task Commands_options_and_fixed_values_are_known(string line, string expected) => (await Complete(line)).ShouldBe(expected);

    [Theory]
    [InlineData("runs clear ", "PIPELINE of ")]
    [InlineData("runs clear orders ", "DATE of orders")]
    [InlineData("runs clear --past orders --yes ", "DATE of orders")]
    [InlineData("runs clear orders 2026-01-02 --task ", "TASK of orders")]
    [InlineData("runs get orders 2026-01-02 --run ", "RUN of orders")]
    [InlineData("runs clear -o json orders ", "DATE of orders")]
    [InlineData("backfills cancel orders ", "BACKFILL of orders")]
    [InlineData("cluster leave ", "NODE of ")]
    [InlineData("tables sync ", "TABLE of ")]
    [InlineData("runs list --context ", "CONTEXT of ")]
    public async Task Names_are_asked_for_by_kind_and_by_what_stands_before(string line, string expected) => (await Complete(line)).ShouldBe(expected);

    [Fact]
    public async Task Files_are_left_to_the_shell()
    {
        (await Complete("pipelines apply ord")).ShouldBeNull();
        (await Complete("tables inspect ")).ShouldBeNull();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("  runs   list ", "runs|list")]
    [InlineData("partitions dismiss p --reason 'it''s \"fine\"'", "partitions|dismiss|p|--reason|its \"fine\"")]
    [InlineData("a \"b c\\\" d\" e\\ f", "a|b c\" d|e f")]
    [InlineData("runs list # all of them", "runs|list")]
    [InlineData("a#b ''", "a#b|")]
    public void A_line_is_taken_apart_as_a_shell_does(string line, string words)
    {
        var split = CommandWords.Split(line);
        string.Join('|', split.Words).ShouldBe(words);
        split.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void An_open_quote_and_an_empty_last_word_are_told()
    {
        CommandWords.Split("runs 'list").IsOpen.ShouldBeTrue();
        CommandWords.SplitPartial("runs ").Words.ShouldBe(["runs", ""]);
    }

    private async Task<string?> Complete(string line) =>
        await new Completer(CommandLine.Root(new ClientOptions()), _names).Complete(CommandWords.SplitPartial(line).Words, CancellationToken.None) is { } found
            ? string.Join(',', found.Select(c => c.Value))
            : null;

    /// <summary>Tells what was asked.</summary>
    private sealed class KnownNames : INameSource
    {
        public Task<IReadOnlyList<Candidate>> Find(string kind, PartialLine line, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<Candidate>>([new Candidate($"{kind} of {line.ValueOf(Names.Pipeline)}")]);
    }
}
