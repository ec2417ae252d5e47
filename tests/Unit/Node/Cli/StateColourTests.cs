using Latecomer.Node.Cli;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Tests.Unit.Node.Cli;

/// <summary>What states are called, and how they are coloured.</summary>
public sealed class StateColourTests
{
    [Fact]
    public void Every_state_of_a_task_has_a_name_and_a_colour()
    {
        foreach (var state in Enum.GetValues<TaskState>())
        {
            StateColours.Name(state).ShouldNotContain(" ");
            StateColours.Colour(state).ShouldNotBe("default");
            Markup.Remove($"[{StateColours.Colour(state)}]{StateColours.Name(state)}[/]").ShouldBe(StateColours.Name(state));
        }
    }

    [Fact]
    public void Every_state_of_a_run_has_a_name()
    {
        foreach (var state in Enum.GetValues<RunState>())
        {
            Markup.Remove(StateColours.Markup(state)).ShouldBe(state is RunState.Unspecified ? "" : $"{state}".ToLowerInvariant());
        }
    }

    [Fact]
    public void A_state_that_a_later_build_has_is_shown_by_its_number()
    {
        StateColours.Name((TaskState)99).ShouldBe("state 99");
        Markup.Remove($"[{StateColours.Colour((TaskState)99)}]{StateColours.Markup((RunState)98)}[/]").ShouldBe("state 98");
    }
}
