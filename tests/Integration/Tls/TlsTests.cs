using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Latecomer.Grpc;
using Latecomer.Node.Hosting;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Node.Tls;
using Latecomer.Tests.Integration.Hosting;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Grpc;
using Latecomer.Tests.Testing.Tls;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Integration.Tls;

/// <summary>Nodes with certificates, and callers with and without.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TlsNode _tls = new();

    public void Dispose() => _tls.Dispose();

    [Fact]
    public async Task One_port_speaks_http_1_and_2_and_grpc()
    {
        await using var host = await Host(_tls.Files);
        await host.Serve(default);
        (host.Address.Scheme, host.GrpcAddress).ShouldBe(("https", host.Address));
        (await _tls.Ask(host.Address, version: HttpVersion.Version11)).ShouldBe(HttpStatusCode.OK);
        (await _tls.Ask(host.Address, version: HttpVersion.Version20)).ShouldBe(HttpStatusCode.OK);
        using var channel = new RpcChannel(host.GrpcAddress, _tls.Handler());
        var shown = await channel.Call<ShowClusterResponse>(ClusterReflection.Descriptor.Services[0].FindMethodByName("Show"), new ShowClusterRequest());
        var node = shown.Nodes.ShouldHaveSingleItem();
        (node.Address, node.GrpcAddress).ShouldBe((host.Address.ToString(), host.Address.GetLeftPart(UriPartial.Authority)));
    }

    [Fact]
    public async Task A_caller_without_a_certificate_of_the_authority_is_turned_away()
    {
        await using var host = await Host(_tls.Mutual);
        (await _tls.Ask(host.Address, _tls.Ours.ForClient("ann"))).ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(() => _tls.Ask(host.Address));
        await Should.ThrowAsync<HttpRequestException>(() => _tls.Ask(host.Address, _tls.Other.ForClient("ann")));
        await Should.ThrowAsync<HttpRequestException>(() => _tls.Ask(host.Address, _tls.Ours.ForServer("server")));
    }

    [Fact]
    public async Task Where_certificates_are_optional_a_wrong_one_is_turned_away_still()
    {
        await using var host = await Host(_tls.Mutual with { AreClientsRequired = false });
        (await _tls.Ask(host.Address)).ShouldBe(HttpStatusCode.OK);
        (await _tls.Ask(host.Address, _tls.Ours.ForClient("ann"))).ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(() => _tls.Ask(host.Address, _tls.Other.ForClient("ann")));
    }

    [Fact]
    public async Task A_call_knows_the_certificate_of_its_caller()
    {
        var tls = NodeTls.Open(_tls.Mutual with { AreClientsRequired = false }, TimeProvider.System, NullLogger.Instance);
        await using var server = await EdgeServer.Start(TlsNode.AnyPort, TlsNode.AnyPort, tls, NullLoggerFactory.Instance, default);
        var service = EchoReflection.Descriptor.Services[0];
        var whoami = RpcMethod.Unary<EchoRequest, EchoResponse>(
            service, "Say", (_, call) => Task.FromResult<Reply<EchoResponse>>(new EchoResponse { Text = call.Peer.Certificate?.Subject ?? "nobody" }));
        server.Serve([.. new EchoService().Methods().Where(m => m.Descriptor.Name != whoami.Descriptor.Name), whoami], [], _ => Task.FromResult(new NodeHealth(NotReadyBecause: null, [])), new Dictionary<string, RequestDelegate>(StringComparer.Ordinal));
        using var ann = new RpcChannel(server.GrpcAddress, _tls.Handler(_tls.Ours.ForClient("ann")));
        (await ann.Call<EchoResponse>(whoami.Descriptor, new EchoRequest())).Text.ShouldBe("CN=ann");
        using var nobody = new RpcChannel(server.GrpcAddress, _tls.Handler());
        (await nobody.Call<EchoResponse>(whoami.Descriptor, new EchoRequest())).Text.ShouldBe("nobody");
    }

    [Fact]
    public async Task Files_that_change_count_without_a_restart()
    {
        await using var host = await Host(_tls.Mutual);
        var ann = _tls.Ours.ForClient("ann");
        (await Presented(host.Address)).ShouldBe("CN=node");
        Replace(_tls.Node, _tls.Ours.ForNode("next"));
        await HostedCluster.Until(() => Presented(host.Address), "the new certificate", name => name == "CN=next");
        (await _tls.Ask(host.Address, ann)).ShouldBe(HttpStatusCode.OK);

        File.WriteAllText(_tls.Node.Key, "nothing");
        File.Copy(_tls.Other.File, _tls.Ours.File, overwrite: true);
        await HostedCluster.Until(() => IsTaken(host.Address, ann), "the former authority to count no more", isTaken => !isTaken);
        (await _tls.Ask(host.Address, _tls.Other.ForClient("bob"))).ShouldBe(HttpStatusCode.OK, "the broken key changes nothing");
        (await Presented(host.Address)).ShouldBe("CN=next");
    }

    [Fact]
    public async Task Nodes_of_a_cluster_serve_each_other_over_mutual_tls()
    {
        await using var cluster = await HostedCluster.Make();
        using var handler = _tls.Handler(_tls.Ours.ForClient("ann"));
        var clients = new[] { await cluster.Add("a", HintTests.HintsAlone, tls: _tls.Mutual, handler: handler), await cluster.Add("b", HintTests.HintsAlone, tls: _tls.Mutual, handler: handler) };
        var shown = await HostedCluster.Until(clients[0], "both to own shards and to answer", s => s.Nodes.Count(n => n is { Shards: > 0, Answers: true }) == 2 && s.UnownedShards == 0);
        shown.Nodes.ShouldAllBe(n => n.Address.StartsWith("https://127.0.0.1:", StringComparison.Ordinal));

        // Nobody polls, so that an answer from the other node's actor comes only if they talk.
        using var patience = new CancellationTokenSource(Liveness.Bound);
        for (var n = 0; n < 8; n++)
        {
            await HostedCluster.Ask(clients[n % 2], $"orders-{n}", patience.Token);
        }
    }

    private static void Replace(TestCertificate old, TestCertificate by)
    {
        File.Copy(by.File, old.File, overwrite: true);
        File.Copy(by.Key, old.Key, overwrite: true);
    }

    /// <summary>The name of the certificate that a node presents to a new connection.</summary>
    private static async Task<string> Presented(Uri address)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port);
        var name = "";
        await using var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            name = certificate!.Subject;
            return false;
        });
        try
        {
            await tls.AuthenticateAsClientAsync(address.Host);
        }
        catch (AuthenticationException)
        {
            // Nobody trusts it here; to have seen it was all.
        }

        return name;
    }

    private async Task<bool> IsTaken(Uri address, TestCertificate presented)
    {
        try
        {
            await _tls.Ask(address, presented);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Task<NodeHost> Host(TlsFiles tls) => NodeHost.Start(new HostOptions { Data = _tls.Data, Listen = TlsNode.AnyPort, Tls = tls }, NullLoggerFactory.Instance, default);
}
