using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Latecomer.Tests.Unit.Rules;

/// <summary>The runtime and the actors get time, identity and chance from outside, so that a simulation decides them.</summary>
public sealed class AmbientCallRules
{
    private static readonly HashSet<string> Banned = new(StringComparer.Ordinal)
    {
        "System.DateTime.get_UtcNow", "System.DateTime.get_Now", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_UtcNow", "System.DateTimeOffset.get_Now",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.Random.get_Shared", "System.Threading.Thread.Sleep", "System.Threading.Tasks.Task.Run",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64",
    };

    private static readonly string[] BannedTypes =
    [
        "System.Diagnostics.Stopwatch", "System.Threading.Timer", "System.Timers.Timer", "System.Security.Cryptography.RandomNumberGenerator",
    ];

    /// <summary>Allowed only where a clock is handed over.</summary>
    private static readonly string[] NeedsClock = ["System.Threading.Tasks.Task.Delay", "System.Threading.PeriodicTimer..ctor"];

    [Theory]
    [InlineData("Runtime")]
    [InlineData("Actors")]
    public void Nothing_ambient_is_called(string project)
    {
        using var file = new PEReader(File.OpenRead(Repository.AssemblyOf(project)));
        var metadata = file.GetMetadataReader();
        metadata.MemberReferences.Select(metadata.GetMemberReference).Select(m => Describe(metadata, m)).OfType<string>().Where(IsAmbient)
            .ShouldBeEmpty($"{project} must get time, identity and chance from its ports");
    }

    [Fact]
    public void The_rule_finds_what_it_bans()
    {
        IsAmbient("System.DateTime.get_UtcNow()").ShouldBeTrue();
        IsAmbient("System.Threading.Tasks.Task.Delay(System.TimeSpan)").ShouldBeTrue();
        IsAmbient("System.Threading.Tasks.Task.Delay(System.TimeSpan,System.TimeProvider)").ShouldBeFalse();
        IsAmbient("System.Diagnostics.Stopwatch.StartNew()").ShouldBeTrue();
        IsAmbient("System.Guid.Parse(String)").ShouldBeFalse();

        using var own = new PEReader(File.OpenRead(typeof(AmbientCallRules).Assembly.Location));
        var metadata = own.GetMetadataReader();
        metadata.MemberReferences.Select(metadata.GetMemberReference).Select(m => Describe(metadata, m))
            .ShouldContain("System.IO.File.OpenRead(String)");
    }

    private static bool IsAmbient(string member)
    {
        var name = member[..member.IndexOf('(', StringComparison.Ordinal)];
        return Banned.Contains(name)
            || BannedTypes.Any(type => name.StartsWith($"{type}.", StringComparison.Ordinal))
            || (NeedsClock.Contains(name) && !member.Contains("System.TimeProvider", StringComparison.Ordinal));
    }

    private static string? Describe(MetadataReader metadata, MemberReference member)
    {
        if (member.Parent.Kind != HandleKind.TypeReference || member.GetKind() != MemberReferenceKind.Method)
        {
            return null;
        }

        var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
        var parameters = member.DecodeMethodSignature(new TypeNames(), genericContext: null).ParameterTypes;
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}({string.Join(',', parameters)})";
    }
}
