using Google.Protobuf.Reflection;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Access;
using Latecomer.Node.Protocol;

namespace Latecomer.Tests.Unit.Node.Access;

public sealed class MethodAccessTests
{
    private static readonly string[] Questions = ["List", "Get", "Show", "Explain", "Watch"];

    public static TheoryData<string> Methods() => [.. All().Select(MethodAccess.NameOf)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_that_changes_something_carries_a_request_id_and_is_for_operators_at_least(string name)
    {
        var method = All().Single(m => MethodAccess.NameOf(m) == name);
        var asks = Questions.Any(q => method.Name.StartsWith(q, StringComparison.Ordinal));
        MethodAccess.IsMutating(method).ShouldBe(!asks);
        (MethodAccess.RoleFor(method) >= (asks ? AccessRole.Viewer : AccessRole.Operator)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Runs/List", AccessRole.Viewer)]
    [InlineData("Partitions/Watch", AccessRole.Viewer)]
    [InlineData("Runs/Clear", AccessRole.Operator)]
    [InlineData("Pipelines/Apply", AccessRole.Operator)]
    [InlineData("Pipelines/Delete", AccessRole.Admin)]
    [InlineData("Cluster/Leave", AccessRole.Admin)]
    [InlineData("Cluster/ListAuditRecords", AccessRole.Admin)]
    [InlineData("Tokens/List", AccessRole.Admin)]
    public void Roles_are_what_they_were(string name, AccessRole role) => MethodAccess.RoleFor(All().Single(m => MethodAccess.NameOf(m) == name)).ShouldBe(role);

    [Fact]
    public void Health_is_open_to_all() => HealthService.Descriptor.Methods.ShouldAllBe(m => MethodAccess.RoleFor(m) == null);

    private static IEnumerable<MethodDescriptor> All() =>
        from file in new[]
        {
            PipelinesReflection.Descriptor, RunsReflection.Descriptor, PartitionsReflection.Descriptor, BackfillsReflection.Descriptor, TablesReflection.Descriptor,
            ClusterReflection.Descriptor, TokensReflection.Descriptor,
        }
        from method in file.Services[0].Methods
        select method;
}
