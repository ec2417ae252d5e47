using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Latecomer.Grpc;

/// <summary>Who is at the other end of a call's connection.</summary>
/// <param name="Address">Where it is; null if it is no network that it came by.</param>
/// <param name="Certificate">By which it proved who it is; null without mutual TLS.</param>
public sealed record Peer(IPEndPoint? Address, X509Certificate2? Certificate);
