namespace Latecomer.Runtime;

/// <summary>A message or journal entry as it is stored.</summary>
/// <param name="Type">The name of its record.</param>
/// <param name="SchemaVersion">The version of its format.</param>
/// <param name="Body">UTF-8 JSON.</param>
public readonly record struct SerializedMessage(string Type, int SchemaVersion, byte[] Body);
