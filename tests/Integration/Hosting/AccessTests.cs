using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;
using Latecomer.Node.Access;
using Latecomer.Node.Hosting;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Testing;
using Microsoft.Extensions.Logging;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>A node that asks for tokens: who may do what, what is kept of it, and what is never told.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private static readonly ServiceDescriptor Pipelines = PipelinesReflection.Descriptor.Services[0];
    private static readonly ServiceDescriptor Tokens = TokensReflection.Descriptor.Services[0];
    private static readonly ServiceDescriptor Runs = RunsReflection.Descriptor.Services[0];
    private static readonly ServiceDescriptor Cluster = ClusterReflection.Descriptor.Services[0];

    private readonly TemporaryFolder _folder = new();
    private readonly LoggedLines _log = new();
    private NodeHost _host = null!;
    private RpcChannel _channel = null!;
    private string _admin = "";

    public Task InitializeAsync() => Start();

    public async Task DisposeAsync()
    {
        await Stop();
        _folder.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData("none", StatusCode.Unauthenticated)]
    [InlineData("wrong", StatusCode.Unauthenticated)]
    [InlineData("viewer", StatusCode.PermissionDenied)]
    [InlineData("revoked", StatusCode.Unauthenticated)]
    public async Task Whoever_may_not_is_refused_and_noted_and_changes_nothing(string who, StatusCode expected)
    {
        var token = who switch
        {
            "none" => null,
            "wrong" => TokenText.Make(),
            _ => await Make(who, who == "viewer" ? TokenRole.Viewer : TokenRole.Operator),
        };
        if (who == "revoked")
        {
            await Call<ListPipelinesResponse>(Pipelines, "List", new ListPipelinesRequest(), token);
            await Call<Token>(Tokens, "Revoke", new RevokeTokenRequest { TokenId = Hash(token!)[..16] }, _admin);
        }

        var apply = new ApplyPipelineRequest { Pipeline = new Pipeline { Name = "orders" }, RequestId = $"apply-{who}" };
        (await Refused(Pipelines, "Apply", apply, token)).Code.ShouldBe(expected);
        (await Post("Pipelines/Apply", """{"pipeline":{"name":"orders"}}""", token)).ShouldBe(expected == StatusCode.Unauthenticated ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden);

        (await Call<ListPipelinesResponse>(Pipelines, "List", new ListPipelinesRequest(), _admin)).Pipelines.ShouldBeEmpty();
        var denied = (await Audit()).Where(r => r.Method == "Pipelines/Apply").ToList();
        denied.Select(r => (r.Status, r.Caller)).Distinct().ShouldBe([(expected.ToString(), who == "viewer" ? "viewer" : "nobody")]);
        denied.Count.ShouldBe(2);
        denied.ShouldAllBe(r => r.Address == "127.0.0.1" && r.Reason.Length > 0);
    }

    [Fact]
    public async Task Each_role_may_do_what_those_below_it_may()
    {
        var viewer = await Make("eve", TokenRole.Viewer);
        var keeper = await Make("otto", TokenRole.Operator);
        await Call<ListPipelinesResponse>(Pipelines, "List", new ListPipelinesRequest(), viewer);
        await Call<ListPipelinesResponse>(Pipelines, "List", new ListPipelinesRequest(), keeper);
        (await Refused(Runs, "Trigger", new TriggerRunRequest { Pipeline = "none", LogicalDate = "2024-01-01" }, viewer)).Code.ShouldBe(StatusCode.PermissionDenied);
        (await Refused(Runs, "Trigger", new TriggerRunRequest { Pipeline = "none", LogicalDate = "2024-01-01" }, keeper)).Code.ShouldBe(StatusCode.NotFound);
        (await Refused(Tokens, "List", new ListTokensRequest(), keeper)).Message.ShouldBe("Tokens/List is for the role admin, and the token of otto has operator.");
        (await Call<ListTokensResponse>(Tokens, "List", new ListTokensRequest(), _admin)).Tokens.Select(t => t.Name).Order().ShouldBe(["eve", "first-admin", "otto"]);
    }

    [Fact]
    public async Task What_a_command_led_to_tells_who_asked_and_from_where()
    {
        var keeper = await Make("otto", TokenRole.Operator);
        await Refused(Runs, "Trigger", new TriggerRunRequest { Pipeline = "none", LogicalDate = "2024-01-01", RequestId = "trigger-1" }, keeper);
        var record = (await Audit()).Single(r => r.Method == "Runs/Trigger");
        (record.Caller, record.Address, record.Target, record.RequestId, record.Status).ShouldBe(("otto", "127.0.0.1", "Pipeline/none", "trigger-1", "NotFound"));
        record.Reason.ShouldBe("There is no pipeline none.");
        record.Detail.ShouldContain("2024-01-01");
    }

    [Fact]
    public async Task A_command_that_is_wrong_before_any_actor_is_asked_is_noted()
    {
        await Refused(Runs, "Trigger", new TriggerRunRequest { Pipeline = "not a name", LogicalDate = "2024-01-01", RequestId = "wrong-1" }, _admin);
        var record = (await Audit()).Single(r => r.Method == "Runs/Trigger");
        (record.Caller, record.RequestId, record.Status).ShouldBe(("first-admin", "wrong-1", "InvalidArgument"));
    }

    [Fact]
    public async Task Health_needs_no_token_and_everything_else_does()
    {
        (await _channel.Call<HealthCheckResponse>(HealthService.Descriptor.FindMethodByName("Check"), new HealthCheckRequest())).Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
        using var http = new HttpClient { BaseAddress = _host.Address };
        (await http.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Post("Runs/List", "{}", token: null)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_first_admins_token_outlives_a_restart_and_is_not_made_again()
    {
        var before = _admin;
        await Stop();
        await Start();
        _admin.ShouldBe(before);
        (await Call<ListTokensResponse>(Tokens, "List", new ListTokensRequest(), _admin)).Tokens.ShouldHaveSingleItem();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(TokenFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_token_is_made_once_by_its_request_and_expires()
    {
        var request = new CreateTokenRequest { Name = "brief", Role = TokenRole.Viewer, Sha256 = Hash(TokenText.Make()), RequestId = "make-1" };
        var made = await Call<Token>(Tokens, "Create", request, _admin);
        (await Call<Token>(Tokens, "Create", request, _admin)).ShouldBe(made);
        (await Refused(Tokens, "Create", new CreateTokenRequest(request) { RequestId = "make-2" }, _admin)).Code.ShouldBe(StatusCode.AlreadyExists);
        var past = new CreateTokenRequest(request) { Sha256 = Hash(TokenText.Make()), RequestId = "make-3", ExpireTime = new() { Seconds = 1 } };
        (await Refused(Tokens, "Create", past, _admin)).Code.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task No_secret_is_told_anywhere()
    {
        var keeper = await Make("otto", TokenRole.Operator);
        await Refused(Runs, "Trigger", new TriggerRunRequest { Pipeline = "none", LogicalDate = "2024-01-01" }, keeper);
        await Refused(Tokens, "List", new ListTokensRequest(), keeper);
        await Stop();
        foreach (var secret in new[] { _admin, keeper })
        {
            _log.Text.ShouldNotContain(secret);
            foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(f => f != TokenFile))
            {
                Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain(secret, Case.Sensitive, file);
            }
        }

        await Start();
    }

    [Fact]
    public async Task A_caller_that_calls_too_often_is_told_when_to_call_again_and_others_are_not()
    {
        await Stop();
        await Start(callsPerSecond: 2);
        var (eager, calm) = (await Make("eager", TokenRole.Viewer), await Make("calm", TokenRole.Viewer));
        Status? refused = null;
        for (var call = 0; call < 1000 && refused is null; call++)
        {
            refused = await Outcome(() => Call<ListPipelinesResponse>(Pipelines, "List", new ListPipelinesRequest(), eager));
        }

        refused.ShouldNotBeNull().Code.ShouldBe(StatusCode.ResourceExhausted);
        refused.Detail<RetryInfo>().ShouldNotBeNull().RetryDelay.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
        (await Call<ListPipelinesResponse>(Pipelines, "List", new ListPipelinesRequest(), calm)).Pipelines.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flood_of_denied_calls_does_not_fill_the_journal()
    {
        const int Calls = 600;
        for (var call = 0; call < Calls; call += 50)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Refused(Pipelines, "List", new ListPipelinesRequest(), token: null)));
        }

        (await Audit()).Count(r => r.Status == nameof(StatusCode.Unauthenticated)).ShouldBeInRange(1, Calls - 1);
    }

    private string TokenFile => Path.Combine(_folder.Path, "state", FirstToken.FileName);

    private async Task Start(int? callsPerSecond = null)
    {
        var options = new HostOptions { Data = _folder.Path, Listen = new Uri("http://127.0.0.1:0"), Tokens = true, CallsPerSecond = callsPerSecond };
        _host = await NodeHost.Start(options, LoggerFactory.Create(b => b.AddProvider(_log).SetMinimumLevel(LogLevel.Trace)), default);
        await _host.Serve(default);
        _channel = new RpcChannel(_host.GrpcAddress);
        _admin = (await File.ReadAllTextAsync(TokenFile)).Trim();
    }

    private async Task Stop()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private async Task<string> Make(string name, TokenRole role)
    {
        var token = TokenText.Make();
        await Call<Token>(Tokens, "Create", new CreateTokenRequest { Name = name, Role = role, Sha256 = Hash(token) }, _admin);
        return token;
    }

    private async Task<IReadOnlyList<AuditRecord>> Audit() =>
        (await Call<ListAuditRecordsResponse>(Cluster, "ListAuditRecords", new ListAuditRecordsRequest { PageSize = 1000 }, _admin)).Records;

    private Task<T> Call<T>(ServiceDescriptor service, string method, IMessage request, string? token)
        where T : class, IMessage<T>, new()
    {
        var options = new CallOptions { Metadata = [] };
        if (token is not null)
        {
            options.Metadata.Add("authorization", $"Bearer {token}");
        }

        return _channel.Call<T>(service.FindMethodByName(method), request, options);
    }

    private async Task<Status> Refused(ServiceDescriptor service, string method, IMessage request, string? token) =>
        (await Outcome(() => Call<ListPipelinesResponse>(service, method, request, token))).ShouldNotBeNull();

    private static async Task<Status?> Outcome(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }

    private async Task<HttpStatusCode> Post(string method, string body, string? token)
    {
        using var http = new HttpClient { BaseAddress = _host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/latecomer.v1.{method}") { Content = new StringContent(body, Encoding.UTF8, MediaTypeNames.Application.Json) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
