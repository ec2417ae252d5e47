using Latecomer.Actors;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Tables</c>.</summary>
internal sealed class TablesService(IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<UnaryMethod> Methods()
    {
        yield return UnaryMethod.Of<ListTablesRequest>(TablesReflection.Descriptor.Services[0], "List", List);
    }

    private async Task<ApiReply> List(ListTablesRequest request, CancellationToken cancellation)
    {
        var (page, next) = await Pages.Read<TableRow>(rows, Projections.Tables, "", request.PageSize, request.PageToken, cancellation);
        var response = new ListTablesResponse { NextPageToken = next };
        response.Tables.AddRange(page.Select(row => row.ToWire()));
        return new ApiReply.Ok(response);
    }
}
