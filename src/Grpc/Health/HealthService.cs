using Google.Protobuf.Reflection;
using Latecomer.Grpc.Protocol;

namespace Latecomer.Grpc;

/// <summary><c>grpc.health.v1.Health</c> (<c>doc/health-checking.md</c>).</summary>
/// <param name="isServing">Whether the server can do what it is asked.</param>
/// <param name="services">What it serves; all are as the server is.</param>
/// <param name="glance">How often a watch looks.</param>
/// <param name="time">The clock.</param>
public sealed class HealthService(Func<CancellationToken, Task<bool>> isServing, IReadOnlyCollection<string> services, TimeSpan glance, TimeProvider time)
{
    /// <summary>The service.</summary>
    public static ServiceDescriptor Descriptor { get; } = HealthReflection.Descriptor.Services[0];

    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods() =>
    [
        RpcMethod.Unary<HealthCheckRequest, HealthCheckResponse>(Descriptor, "Check", Check),
        RpcMethod.ServerStream<HealthCheckRequest, HealthCheckResponse>(Descriptor, "Watch", Watch),
    ];

    private async Task<Reply<HealthCheckResponse>> Check(HealthCheckRequest request, RpcCall call) => Knows(request.Service)
        ? new HealthCheckResponse { Status = await Ask(call.Cancellation) }
        : new Status(StatusCode.NotFound, $"There is no service '{request.Service}'.");

    private async Task<Status> Watch(HealthCheckRequest request, Responses<HealthCheckResponse> responses, RpcCall call)
    {
        HealthCheckResponse.Types.ServingStatus? said = null;
        while (true)
        {
            var status = Knows(request.Service) ? await Ask(call.Cancellation) : HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
            if (status != said)
            {
                await responses.Write(new HealthCheckResponse { Status = status });
                said = status;
            }

            await Task.Delay(glance, time, call.Cancellation);
        }
    }

    private bool Knows(string service) => service.Length == 0 || services.Contains(service, StringComparer.Ordinal);

    private async Task<HealthCheckResponse.Types.ServingStatus> Ask(CancellationToken cancellation) =>
        await isServing(cancellation) ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.NotServing;
}
