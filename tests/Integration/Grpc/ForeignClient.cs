using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Latecomer.Grpc.Protocol;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Grpc;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>Runs clients that nobody here wrote. <c>./test</c> installs them and says where they are.</summary>
internal static class ForeignClient
{
    /// <summary>@grpc/grpc-js: what came of each case.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> Node(Uri server, string script)
    {
        var modules = Environment.GetEnvironmentVariable("LATECOMER_GRPC_MODULES") ?? Path.Combine(Checkout.Root, "tests", "Integration", "Grpc", "npm", "node_modules");
        Directory.Exists(Path.Combine(modules, "@grpc")).ShouldBeTrue($"{modules} has no @grpc/grpc-js: run ./test, which installs it");
        var start = new ProcessStartInfo("node", [Script(script), server.Authority, Path.Combine(AppContext.BaseDirectory, "protos")]);
        start.Environment["LATECOMER_GRPC_MODULES"] = modules;
        return Cases(await Run(start));
    }

    /// <summary>python3-grpcio: what came of each case.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> Python(Uri server, string script)
    {
        using var folder = new TemporaryFolder();
        var set = new FileDescriptorSet();
        FileDescriptor[] files = [EchoReflection.Descriptor, HealthReflection.Descriptor, ErrorDetailsReflection.Descriptor, Latecomer.Grpc.Wire.StatusReflection.Descriptor,
            ReflectionReflection.Descriptor, Latecomer.Grpc.Protocol.Alpha.ReflectionReflection.Descriptor];
        set.File.AddRange(files.SelectMany(f => f.Dependencies.Append(f)).Distinct().Select(f => f.ToProto()));
        var descriptors = Path.Combine(folder.Path, "descriptors");
        await File.WriteAllBytesAsync(descriptors, set.ToByteArray());
        var python = Environment.GetEnvironmentVariable("LATECOMER_TEST_PYTHON") ?? "/usr/bin/python3";
        return Cases(await Run(new ProcessStartInfo(python, [Script(script), server.Authority, descriptors])));
    }

    /// <summary>curl: the body, a line, and the HTTP status.</summary>
    internal static async Task<(int Status, string Body)> Curl(Uri address, params string[] arguments)
    {
        var output = await Run(new ProcessStartInfo("curl", ["-sS", "--noproxy", "*", "-w", "\n%{http_code}", .. arguments, address.ToString()]));
        var end = output.LastIndexOf('\n');
        return (int.Parse(output[(end + 1)..], System.Globalization.CultureInfo.InvariantCulture), output[..end]);
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Grpc", name);

    private static Dictionary<string, string> Cases(string output) => JsonSerializer.Deserialize<Dictionary<string, string>>(output)!;

    private static async Task<string> Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start).ShouldNotBeNull();
        using var liveness = new CancellationTokenSource(Liveness.Bound);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(liveness.Token);
            var errors = process.StandardError.ReadToEndAsync(liveness.Token);
            await process.WaitForExitAsync(liveness.Token);
            process.ExitCode.ShouldBe(0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}\n{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
