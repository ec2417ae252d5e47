using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Lists keys of projections, as far as turns have committed.</summary>
internal sealed class ListRowsHandler(IProjectionStore rows) : ActivityHandler<ListRows, ListedRows>
{
    public override string Kind => ListRows.Kind;

    protected override async Task<ListedRows> Run(ListRows input, ActivityAssignment assignment, CancellationToken stop) =>
        new((await rows.List(input.Projection, input.Prefix, input.After, input.Limit, stop)).Select(r => r.Key).ToImmutableArray());
}
