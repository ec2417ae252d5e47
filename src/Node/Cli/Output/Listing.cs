using Google.Protobuf;

namespace Latecomer.Node.Cli;

/// <summary>A list of the API, as commands print and watch it.</summary>
/// <typeparam name="TResponse">A page.</typeparam>
/// <typeparam name="TItem">What is in it.</typeparam>
internal sealed record Listing<TResponse, TItem>
    where TResponse : IMessage<TResponse>, new()
    where TItem : IMessage<TItem>
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    /// <summary>The method, such as <c>Runs/List</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The request for the page of a token.</summary>
    public required Func<string, IMessage> Ask { get; init; }

    /// <summary>The token of the page after one.</summary>
    public required Func<TResponse, string> NextOf { get; init; }

    /// <summary>What is in a page.</summary>
    public required Func<TResponse, IEnumerable<TItem>> ItemsOf { get; init; }

    /// <summary>The columns for people.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>A row for people, in Spectre's markup.</summary>
    public required Func<TItem, IReadOnlyList<string>> Row { get; init; }

    /// <summary>Prints all of it, and with <paramref name="watches"/> goes on with what changes.</summary>
    public async Task<int> Print(Asked asked, bool watches = false)
    {
        if (watches)
        {
            return await Watch(asked, Changed(asked));
        }

        var all = await asked.All(Method, Ask, NextOf);
        asked.Printer.Print(all, Columns, ItemsOf(all).Select(Row));
        return ExitCode.Ok;
    }

    /// <summary>Prints items as they come: first all that are there, in one step, then what changed, until interrupted.</summary>
    public async Task<int> Watch(Asked asked, IAsyncEnumerable<IReadOnlyList<TItem>> steps)
    {
        RowLines? lines = null;
        await foreach (var step in steps.WithCancellation(asked.Cancellation))
        {
            if (!asked.Printer.IsTable)
            {
                foreach (var item in step)
                {
                    asked.Printer.Next(item, Row(item));
                }
            }
            else if (lines is null)
            {
                lines = asked.Printer.Lines(Columns);
                lines.Begin([.. step.Select(Row)]);
            }
            else
            {
                foreach (var item in step)
                {
                    lines.Add(Row(item));
                }
            }
        }

        return ExitCode.Ok;
    }

    /// <summary>All items, and then every second those that are not as they were.</summary>
    private async IAsyncEnumerable<IReadOnlyList<TItem>> Changed(Asked asked)
    {
        IReadOnlyList<TItem> before = [];
        var isFirst = true;
        while (true)
        {
            var all = isFirst ? await asked.All(Method, Ask, NextOf) : await asked.Patiently(() => asked.All(Method, Ask, NextOf));
            List<TItem> now = [.. ItemsOf(all)];
            List<TItem> changed = [.. now.Where(item => !before.Contains(item))];
            if (isFirst || changed.Count > 0)
            {
                yield return changed;
            }

            (before, isFirst) = (now, false);
            await Task.Delay(Often, asked.Cancellation);
        }
    }
}
