using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>The image without an engine: its build played by hand in a folder, and its program run as a container would run it, as far as this machine
/// lets us: as user 185, with nothing from the environment, and, where we may have mounts of our own, with a root file system that is read-only.</summary>
internal sealed class PlayedImage : IDisposable
{
    private const string ReadOnlyRoot = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind / && exec \"$@\"";

    private readonly TemporaryFolder _folder = new();
    private readonly Dockerfile _file = Dockerfile.OfCheckout();
    private bool _isOther;
    private bool _hasMounts;

    /// <summary>Where it may write: the data folder, and the folder for what is temporary.</summary>
    public string Writable => Path.Combine(_folder.Path, "writable");

    /// <summary>Its data folder.</summary>
    public string Data => Path.Combine(Writable, "data");

    private string App => Path.Combine(_folder.Path, "app");

    private string Source => Path.Combine(_folder.Path, "source");

    /// <summary>Plays the build stage, instruction by instruction.</summary>
    public async Task Build()
    {
        Directory.CreateDirectory(Source);
        foreach (var instruction in _file.Stages[0].Instructions.Where(i => i.Word is "COPY" or "RUN"))
        {
            if (instruction.Word == "COPY")
            {
                Copy(instruction.Arguments);
            }
            else
            {
                var arguments = instruction.Arguments.Select(a => a == "/app" ? App : a).ToArray();
                arguments[0].ShouldBe("dotnet");
                var surroundings = new Surroundings { Folder = Source, Environment = Variables(_file.Stages[0]) };
                (await Cli.RunProgram(BuiltProgram.Dotnet, surroundings, arguments[1..])).Succeeded();
            }
        }

        await Prepare();
    }

    /// <summary>Starts what the image starts, or the program with other arguments.</summary>
    public ProgramProcess Run(params string[] arguments)
    {
        var image = _file.Stages[^1];
        string[] program = [Path.Combine(App, image.Last("ENTRYPOINT").Arguments[0]), .. arguments.Length > 0 ? arguments : image.Last("CMD").Arguments];
        var variables = Variables(image);
        variables["PATH"] = variables["PATH"].Replace("/app", App, StringComparison.Ordinal).Replace("${PATH}", Environment.GetEnvironmentVariable("PATH"), StringComparison.Ordinal);
        variables["HOME"] = variables["TMPDIR"] = Path.Combine(Writable, "tmp");
        variables["LATECOMER_DATA"] = Data;
        variables["LATECOMER_LISTEN"] = variables["LATECOMER_LISTEN"].Replace(":7080", ":0", StringComparison.Ordinal);
        variables["DOTNET_ROOT"] = DotnetRoot;
        // The base image has it, for programs that would listen by it.
        variables["ASPNETCORE_HTTP_PORTS"] = "8080";
        string[] line = [.. As185(), "env", "-i", .. variables.Select(v => $"{v.Key}={v.Value}"), .. program];
        return _hasMounts ? ProgramProcess.Start("unshare", ["--mount", "sh", "-c", ReadOnlyRoot, Writable, .. line]) : ProgramProcess.Start(line[0], line[1..]);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string DotnetRoot => Path.GetDirectoryName(new FileInfo(BuiltProgram.Dotnet).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? BuiltProgram.Dotnet)!;

    private static Dictionary<string, string> Variables(Stage stage) => stage.Instructions.Where(i => i.Word == "ENV").SelectMany(i => i.Arguments)
        .Select(a => a.Split('=', 2)).ToDictionary(a => a[0], a => a[1].Trim('"'), StringComparer.Ordinal);

    private static async Task<bool> Works(params string[] line)
    {
        try
        {
            return (await Cli.RunProgram(line[0], new Surroundings(), line[1..])).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private void Copy(IReadOnlyList<string> arguments)
    {
        var target = Path.Combine(Source, arguments[^1]);
        foreach (var source in arguments.SkipLast(1))
        {
            var path = BuiltProgram.FileOfCheckout(source.Split('/', StringSplitOptions.RemoveEmptyEntries));
            var isFile = File.Exists(path);
            foreach (var file in isFile ? [path] : Sent(path))
            {
                var copy = Path.GetFullPath(Path.Combine(target, isFile ? Path.GetFileName(file) : Path.GetRelativePath(path, file)));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy, overwrite: true);
            }
        }
    }

    /// <summary>The files below a folder that reach the build; folders that do not are not looked into.</summary>
    private static IEnumerable<string> Sent(string folder) => Directory.EnumerateFileSystemEntries(folder)
        .Where(e => Dockerfile.IsSent(Path.GetRelativePath(BuiltProgram.FileOfCheckout(), e).Replace('\\', '/')))
        .SelectMany(e => File.Exists(e) ? [e] : Sent(e));

    private async Task Prepare()
    {
        foreach (var folder in new[] { Data, Path.Combine(Writable, "tmp") })
        {
            Directory.CreateDirectory(folder);
        }

        (await Cli.RunProgram("chmod", new Surroundings(), "-R", "a+rX", _folder.Path)).Succeeded();
        _isOther = Environment.UserName == "root" && await Works([.. Other, "test", "-x", BuiltProgram.Dotnet]);
        if (_isOther)
        {
            (await Cli.RunProgram("chown", new Surroundings(), "-R", "185:185", Writable)).Succeeded();
        }

        (await Cli.RunProgram("chmod", new Surroundings(), "-R", "a-w", App)).Succeeded();
        _hasMounts = await Works("unshare", "--mount", "sh", "-c", ReadOnlyRoot, Writable, "true");
    }

    private static IReadOnlyList<string> Other => ["setpriv", "--reuid=185", "--regid=185", "--clear-groups", "--no-new-privs", "--bounding-set=-all"];

    private IReadOnlyList<string> As185() => _isOther ? Other : [];
}
