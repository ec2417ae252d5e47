using Google.Protobuf;

namespace Latecomer.Grpc;

/// <summary>Answers one request with one response.</summary>
public delegate Task<Reply<TResponse>> UnaryHandler<in TRequest, TResponse>(TRequest request, RpcCall call)
    where TResponse : class, IMessage;

/// <summary>Answers one request with many responses, and then how it ended.</summary>
public delegate Task<Status> ServerStreamHandler<in TRequest, TResponse>(TRequest request, Responses<TResponse> responses, RpcCall call)
    where TResponse : class, IMessage;

/// <summary>Answers many requests with one response. The requests end when the caller says so.</summary>
public delegate Task<Reply<TResponse>> ClientStreamHandler<in TRequest, TResponse>(IAsyncEnumerable<TRequest> requests, RpcCall call)
    where TResponse : class, IMessage;

/// <summary>Answers many requests with many responses, and then how it ended.</summary>
public delegate Task<Status> DuplexHandler<in TRequest, TResponse>(IAsyncEnumerable<TRequest> requests, Responses<TResponse> responses, RpcCall call)
    where TResponse : class, IMessage;
