using System.Text.Json.Serialization;

namespace Latecomer.Node.Devices;

/// <summary>A row of the demo's input: a device and the version of the system that it runs.</summary>
/// <param name="Type">The family, such as <c>iphone</c>.</param>
/// <param name="FullName">What the maker calls it.</param>
/// <param name="Version">The system and its version.</param>
internal sealed record Device(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("full_name")] string FullName,
    [property: JsonPropertyName("version")] string Version);
