using System.Collections.Frozen;

namespace Latecomer.Runtime;

/// <summary>Writes and reads the members of a closed hierarchy: the type is the nested record's name, the body its JSON. A name is
/// thereby part of the durable format; golden files hold it fast.</summary>
/// <typeparam name="T">An abstract record whose sealed records are nested in it.</typeparam>
public sealed class ClosedSetCodec<T>
    where T : notnull
{
    private const int CurrentVersion = 1;

    private readonly FrozenDictionary<string, Type> _types = typeof(T).GetNestedTypes()
        .Where(t => t.IsSubclassOf(typeof(T)) && !t.IsAbstract)
        .ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>The names of all members.</summary>
    public IEnumerable<string> Names => _types.Keys.Order(StringComparer.Ordinal);

    /// <summary>The type of a member.</summary>
    public Type TypeOf(string name) => _types.TryGetValue(name, out var type)
        ? type
        : throw new InvalidDataException($"This build knows no {typeof(T).Name} named '{name}': a newer build wrote it. Run that build or newer.");

    /// <summary>Writes a member.</summary>
    public SerializedMessage Write(T value)
    {
        var body = DurableJson.Write(value, value.GetType());
        return body.Length <= ActorLimits.MessageBytes
            ? new SerializedMessage(value.GetType().Name, CurrentVersion, body)
            : throw new InvalidOperationException($"A {value.GetType().Name} has {body.Length} bytes, over the limit of {ActorLimits.MessageBytes}: it must be paged.");
    }

    /// <summary>Reads a member.</summary>
    /// <exception cref="InvalidDataException">This build does not know it, or its body is not of its format.</exception>
    public T Read(SerializedMessage message) =>
        (T)DurableJson.Read(message.Body, TypeOf(message.Type), $"a {typeof(T).Name}.{message.Type}", message.SchemaVersion, CurrentVersion);
}
