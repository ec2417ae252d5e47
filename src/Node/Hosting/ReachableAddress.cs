using System.Net;

namespace Latecomer.Node.Hosting;

/// <summary>Where the other nodes of a cluster reach one that listens.</summary>
internal static class ReachableAddress
{
    /// <summary>What it was told to advertise; else where it listens, by this machine's name if that is everywhere.</summary>
    public static Uri Of(Uri? advertised, Uri listens) =>
        advertised ?? (IPAddress.TryParse(listens.DnsSafeHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(listens) { Host = Dns.GetHostName() }.Uri
            : listens);

    /// <summary>Where it is called by gRPC: on the same host, and with TLS at the same port.</summary>
    public static Uri OfGrpc(Uri? advertised, Uri listens, Uri grpc) => grpc == listens ? Of(advertised, listens) : new UriBuilder(Of(advertised, listens)) { Port = grpc.Port }.Uri;
}
