using System.Diagnostics;
using System.Globalization;
using System.Net;
using Google.Protobuf.Reflection;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;

namespace Latecomer.Benchmarks.Calls;

/// <summary>Unary calls that touch no store beside plain POSTs to the same Kestrel, both over HTTP/2, in turns.</summary>
internal static class CallsBench
{
    private const int Clients = 32;

    internal static async Task Run(int rounds, double seconds)
    {
        await using var server = await CallsServer.Start();
        Write($"{Machine.Describe()}; {Clients} clients with a connection each, in the server's process");
        Write($"medians of {rounds} times {seconds:F0} s, in turns, after one to warm up");
        Write($"{"",-8}{"plain POST/s",14}{"calls/s",10}{"calls:POST",12}");
        List<double> plain = [], calls = [];
        using var one = new Peers(server.Address);
        for (var round = 0; round <= rounds; round++)
        {
            var (posts, called) = (await Measure(one.Post, seconds), await Measure(one.Call, seconds));
            if (round > 0)
            {
                plain.Add(posts);
                calls.Add(called);
                Write($"{round,-8}{posts,14:N0}{called,10:N0}{called / posts,12:F2}");
            }
        }

        Write($"{"median",-8}{Medians.Of(plain),14:N0}{Medians.Of(calls),10:N0}{Medians.Of(calls) / Medians.Of(plain),12:F2}");
    }

    private static async Task<double> Measure(Func<int, Task> ask, double seconds)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var count = 0;
            do
            {
                await ask(client);
                count++;
            }
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);

            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed class Peers(Uri server) : IDisposable
    {
        private static readonly MethodDescriptor Check = HealthService.Descriptor.FindMethodByName("Check");

        private readonly List<HttpClient> _plain = [.. Enumerable.Range(0, Clients).Select(_ => new HttpClient(new SocketsHttpHandler { UseProxy = false }))];
        private readonly List<RpcChannel> _channels = [.. Enumerable.Range(0, Clients).Select(_ => new RpcChannel(server))];
        private readonly Uri _path = new(server, CallsServer.PlainPath);

        public async Task Post(int client)
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, _path)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(CallsServer.PlainRequest),
            };
            using var answer = await _plain[client].SendAsync(message);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new BenchException($"a plain request was answered {answer.StatusCode}");
            }
        }

        public async Task Call(int client)
        {
            if ((await _channels[client].Call<HealthCheckResponse>(Check, CallsServer.Request)).Status != HealthCheckResponse.Types.ServingStatus.Serving)
            {
                throw new BenchException("a call was answered otherwise than it should be");
            }
        }

        public void Dispose()
        {
            _plain.ForEach(p => p.Dispose());
            _channels.ForEach(c => c.Dispose());
        }
    }
}
