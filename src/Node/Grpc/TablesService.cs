using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Tables</c>.</summary>
internal sealed class TablesService(Commands commands, IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        var service = TablesReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<ListTablesRequest, ListTablesResponse>(service, "List", List);
        yield return RpcMethod.Unary<GetTableRequest, Table>(service, "Get", (request, call) => Get(request, call.Cancellation));
        yield return RpcMethod.Unary<ListCommitsRequest, ListCommitsResponse>(service, "ListCommits", ListCommits);
        yield return RpcMethod.Unary<SyncTableRequest, SyncTableResponse>(service, "Sync", Sync);
    }

    private async Task<Reply<ListTablesResponse>> List(ListTablesRequest request, RpcCall call)
    {
        var (page, next) = await Pages.Read<TableRow>(rows, Projections.Tables, "", request.PageSize, request.PageToken, call.Cancellation);
        var response = new ListTablesResponse { NextPageToken = next };
        response.Tables.AddRange(page.Select(row => row.ToWire()));
        return response;
    }

    private async Task<Reply<Table>> Get(GetTableRequest request, CancellationToken cancellation)
    {
        var table = TablePath.Parse(request.Table);
        return await Find(table, cancellation) is { } row ? row.ToWire() : Unread(table);
    }

    private async Task<Reply<ListCommitsResponse>> ListCommits(ListCommitsRequest request, RpcCall call)
    {
        var table = TablePath.Parse(request.Table);
        if (request.HasAfterVersion && request.AfterVersion < -1)
        {
            throw new FormatException($"after_version is a version, or -1 for all; not {request.AfterVersion}.");
        }

        var (page, next) = await CommitPages.Read(
            rows, table, request.HasAfterVersion ? request.AfterVersion : null, row => !request.Nowhere || row.Nowhere > 0, request.PageSize, request.PageToken, call.Cancellation);
        if (page.Count == 0 && await Find(table, call.Cancellation) is null)
        {
            return Unread(table);
        }

        return new ListCommitsResponse { Commits = { page.Select(row => row.ToWire()) }, NextPageToken = next };
    }

    private Task<Reply<SyncTableResponse>> Sync(SyncTableRequest request, RpcCall call) => commands.Ask<SyncReply, SyncTableResponse>(
        request.RequestId,
        ActorIds.Watcher(TablePath.Parse(request.Table)),
        id => new WatcherMessage.Sync(id),
        reply => new SyncTableResponse { Version = reply.Version },
        call);

    private async Task<TableRow?> Find(TablePath table, CancellationToken cancellation) =>
        (await rows.Get(Projections.Tables, table.Value, cancellation))?.As<TableRow>();

    private static Status Unread(TablePath table) => new(StatusCode.NotFound, $"No pipeline reads {table}: 'latecomer tables list' has those that are read.");
}
