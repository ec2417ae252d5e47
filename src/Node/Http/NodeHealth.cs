using System.Text.Json;
using Latecomer.Grpc;

namespace Latecomer.Node.Http;

/// <summary>How a node is.</summary>
/// <param name="NotReadyBecause">Why it cannot do what it is asked, for people; null if it can.</param>
/// <param name="Problems">What people have to mend though the node serves: tables whose logs cannot be followed.</param>
internal sealed record NodeHealth(string? NotReadyBecause, IReadOnlyList<string> Problems)
{
    /// <summary>As <c>/readyz</c> tells it.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new { code = NotReadyBecause is null ? "ok" : StatusCode.Unavailable.ConnectName(), message = NotReadyBecause ?? "", problems = Problems }, HttpJson.Options);

    /// <summary>Reads that.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="KeyNotFoundException">It is other JSON.</exception>
    /// <exception cref="InvalidOperationException">It is other JSON.</exception>
    public static NodeHealth Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var (code, message) = (document.RootElement.GetProperty("code").GetString(), document.RootElement.GetProperty("message").GetString());
        return new NodeHealth(code == "ok" ? null : message, [.. document.RootElement.GetProperty("problems").EnumerateArray().Select(p => p.GetString() ?? "")]);
    }
}
