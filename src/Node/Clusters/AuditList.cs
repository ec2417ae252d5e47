using Google.Protobuf.WellKnownTypes;
using Latecomer.Grpc;
using Latecomer.Node.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;
using Record = Latecomer.Runtime.AuditRecord;

namespace Latecomer.Node.Clusters;

/// <summary>Who asked for what.</summary>
internal sealed class AuditList(IRuntimeStore store)
{
    /// <summary>A page of it.</summary>
    public async Task<Reply<ListAuditRecordsResponse>> List(ListAuditRecordsRequest request, RpcCall call)
    {
        var (page, next) = await Pages.Read<Record>(store.Projections, Record.Projection, "", request.PageSize, request.PageToken, call.Cancellation);
        var response = new ListAuditRecordsResponse { NextPageToken = next };
        response.Records.AddRange(await Task.WhenAll(page.Select(record => Shown(record, call.Cancellation))));
        return response;
    }

    /// <summary>What the first turn did not decide, a later one has, or will.</summary>
    private async Task<Protocol.AuditRecord> Shown(Record record, CancellationToken cancellation)
    {
        var later = record.Status is null ? await store.Requests.FindReply(RequestId.Parse(record.Request), cancellation) : null;
        return new Protocol.AuditRecord
        {
            Time = record.At.ToTimestamp(),
            Caller = record.Caller,
            Address = record.Address,
            Method = record.Method,
            Target = record.On,
            Detail = record.Detail,
            RequestId = record.Request,
            Status = record.Status ?? later?.Status.ToString() ?? "",
            Reason = record.Reason ?? later?.Message ?? "",
        };
    }
}
