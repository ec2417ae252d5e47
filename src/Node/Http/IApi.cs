using Google.Protobuf;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Http;

/// <summary>The API, as its clients call it.</summary>
internal interface IApi
{
    /// <summary>Calls a method, such as <c>Runs/List</c>.</summary>
    /// <exception cref="Refusal">It was refused, or nobody answers (<see cref="ExitCode.Unreachable"/>).</exception>
    Task<TResponse> Call<TResponse>(string method, IMessage request, CancellationToken cancellation)
        where TResponse : IMessage<TResponse>, new();
}
