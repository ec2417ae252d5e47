using Latecomer.Actors;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Tables</c>.</summary>
internal sealed class TablesService(IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        yield return RpcMethod.Unary<ListTablesRequest, ListTablesResponse>(TablesReflection.Descriptor.Services[0], "List", List);
    }

    private async Task<Reply<ListTablesResponse>> List(ListTablesRequest request, RpcCall call)
    {
        var (page, next) = await Pages.Read<TableRow>(rows, Projections.Tables, "", request.PageSize, request.PageToken, call.Cancellation);
        var response = new ListTablesResponse { NextPageToken = next };
        response.Tables.AddRange(page.Select(row => row.ToWire()));
        return response;
    }
}
