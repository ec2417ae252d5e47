using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latecomer.Grpc;

/// <summary>Answers methods over HTTP: in gRPC to what says that it is gRPC, else in the unary form of the Connect protocol; on the same paths, by the same handlers.</summary>
public sealed class RpcEndpoint
{
    private readonly GrpcProtocol _grpc;
    private readonly ConnectProtocol _connect;

    /// <summary>Serves <paramref name="methods"/>.</summary>
    /// <exception cref="ArgumentException">A method of one of their services is missing or is there twice.</exception>
    public RpcEndpoint(IReadOnlyCollection<RpcMethod> methods, RpcSettings settings, ILogger<RpcEndpoint> logger)
    {
        var byPath = methods.ToFrozenDictionary(m => m.Path, StringComparer.Ordinal);
        Services = [.. methods.Select(m => m.Descriptor.Service).Distinct()];
        if (Services.SelectMany(s => s.Methods).Count() != byPath.Count)
        {
            throw new ArgumentException($"Every method of {string.Join(", ", Services.Select(s => s.Name))} needs an answer.", nameof(methods));
        }

        var runner = new CallRunner(settings, logger);
        _grpc = new GrpcProtocol(byPath, settings, runner);
        _connect = new ConnectProtocol(byPath, settings, runner);
    }

    /// <summary>The services that it serves.</summary>
    public IReadOnlyList<ServiceDescriptor> Services { get; }

    /// <summary>Answers one HTTP request.</summary>
    public Task Answer(HttpContext http) => GrpcHeaders.IsGrpc(http.Request.ContentType) ? _grpc.Answer(http) : _connect.Answer(http);
}
