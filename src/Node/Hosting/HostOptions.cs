using Latecomer.Node.Tls;
using Latecomer.Runtime;

namespace Latecomer.Node.Hosting;

/// <summary>What a process that serves is told.</summary>
internal sealed record HostOptions
{
    /// <summary>Where a node listens, unless said otherwise.</summary>
    public const string DefaultListen = "http://127.0.0.1:7080";

    /// <summary>Where a node with a certificate listens, unless said otherwise.</summary>
    public const string DefaultTlsListen = "https://127.0.0.1:7080";

    /// <summary>Where it is called by gRPC, unless said otherwise.</summary>
    public const string DefaultGrpc = "http://127.0.0.1:7081";

    /// <summary>The most nodes in one process.</summary>
    public const int MostNodes = 32;

    /// <summary>The data folder.</summary>
    public required string Data { get; init; }

    /// <summary>The database of the cluster, as a connection string; null for a store in the data folder.</summary>
    public string? Store { get; init; }

    /// <summary>The node's name; null for one that suits: that of the machine in a cluster, <c>node-1</c> and so on else.</summary>
    public string? Name { get; init; }

    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public required Uri Listen { get; init; }

    /// <summary>Where it is called by gRPC; null for the port after that of <see cref="Listen"/>, or a free one as that is. With TLS it is <see cref="Listen"/>.</summary>
    public Uri? Grpc { get; init; }

    /// <summary>Where others reach it; null for where it listens, by the machine's name if it listens everywhere.</summary>
    public Uri? Advertise { get; init; }

    /// <summary>Whether callers need tokens; null to ask for them where others than this machine can call.</summary>
    public bool? Tokens { get; init; }

    /// <summary>How many calls a second each caller may make; null for any number.</summary>
    public int? CallsPerSecond { get; init; }

    /// <summary>By what it proves itself and knows others.</summary>
    public TlsFiles Tls { get; init; } = TlsFiles.None;

    /// <summary>How many nodes share the work in this process, if its store is in the data folder.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>How the nodes run.</summary>
    public RuntimeSettings Runtime { get; init; } = new();

    /// <summary>Whether only this machine can call.</summary>
    public bool IsLocal => Listen.IsLoopback && GrpcOrNext.IsLoopback;

    /// <summary>Whether callers need tokens.</summary>
    public bool AsksForTokens => Tokens ?? !IsLocal;

    /// <summary>Where it is called by gRPC, whether that was said or not.</summary>
    public Uri GrpcOrNext => Tls.Serves ? Listen : Grpc ?? new UriBuilder(Listen) { Port = Listen.Port is 0 or ushort.MaxValue ? 0 : Listen.Port + 1 }.Uri;
}
