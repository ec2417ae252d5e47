using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>The image's Dockerfile, as far as it can be held to account by reading.</summary>
public sealed class DockerfileTests
{
    private static readonly Dockerfile File = Dockerfile.OfCheckout();

    [Fact]
    public void Every_file_that_is_copied_is_there_and_sent_to_the_build()
    {
        foreach (var copy in File.Stages[0].Instructions.Where(i => i.Word == "COPY"))
        {
            foreach (var source in copy.Arguments.SkipLast(1))
            {
                Path.Exists(BuiltProgram.FileOfCheckout(source.Split('/'))).ShouldBeTrue(source);
                Dockerfile.IsSent(source.TrimEnd('/')).ShouldBeTrue(source);
            }
        }
    }

    [Fact]
    public void Nothing_that_was_built_or_belongs_to_somebody_is_sent_to_the_build()
    {
        foreach (var path in new[] { "src/Node/bin/Release", "src/Node/obj", "tests/Unit", "docker/secrets/password", "latecomer-data", ".git/config", "README.md" })
        {
            Dockerfile.IsSent(path).ShouldBeFalse(path);
        }
    }

    [Fact]
    public void Packages_are_restored_for_every_project_before_the_code_comes()
    {
        var before = File.Stages[0].Instructions.TakeWhile(i => !i.Rest.Contains("restore", StringComparison.Ordinal)).Where(i => i.Word == "COPY").SelectMany(i => i.Arguments).ToList();
        var root = BuiltProgram.FileOfCheckout();
        var projects = Directory.EnumerateDirectories(BuiltProgram.FileOfCheckout("src")).SelectMany(f => Directory.EnumerateFiles(f, "*.csproj"));
        foreach (var project in projects.Select(p => Path.GetRelativePath(root, p).Replace('\\', '/')))
        {
            before.ShouldContain(project);
            before.ShouldContain($"{Path.GetDirectoryName(project)}/packages.lock.json");
        }
    }

    [Fact]
    public void The_program_runs_as_the_user_that_the_tables_belong_to_and_no_shell_stands_before_it()
    {
        var image = File.Stages[^1];
        image.Instructions.Count(i => i.Word == "USER").ShouldBe(1);
        image.Last("USER").Rest.ShouldBe("185:185");
        image.Last("ENTRYPOINT").Arguments.ShouldBe(["latecomer"]);
        image.Last("CMD").Arguments.ShouldBe(["node"]);
        var all = File.Stages.SelectMany(s => s.Instructions).ToList();
        all.Where(i => i.Word is "RUN" or "ENTRYPOINT" or "CMD").ShouldAllBe(i => i.IsJson);
        all.ShouldNotContain(i => i.Word == "ADD");
        image.Instructions.Where(i => i.Word == "COPY").ShouldAllBe(i => !i.Rest.Contains("--chown", StringComparison.Ordinal));
    }
}
