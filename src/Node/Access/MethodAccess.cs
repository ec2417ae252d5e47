using Google.Protobuf.Reflection;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Access;

/// <summary>What a method asks of its caller.</summary>
internal static class MethodAccess
{
    private static readonly HashSet<string> ForAdmins =
    [
        "Cluster/Leave", "Cluster/RetryDeadLetter", "Cluster/DiscardDeadLetter", "Cluster/ListAuditRecords", "Pipelines/Delete",
    ];

    /// <summary>Whether a method changes anything: those that do carry a request id.</summary>
    public static bool IsMutating(MethodDescriptor method) => method.InputType.FindFieldByName("request_id") is not null;

    /// <summary>The method's name as the audit has it.</summary>
    public static string NameOf(MethodDescriptor method) => $"{method.Service.Name}/{method.Name}";

    /// <summary>The least role that may call a method; null if it is open to all: who watches over nodes has no token.</summary>
    public static AccessRole? RoleFor(MethodDescriptor method) =>
        method.Service == HealthService.Descriptor ? null
        : method.Service == TokensReflection.Descriptor.Services[0] || ForAdmins.Contains(NameOf(method)) ? AccessRole.Admin
        : IsMutating(method) ? AccessRole.Operator
        : AccessRole.Viewer;
}
