using System.Collections.Immutable;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Actors;

/// <summary>Makes a value of any durable type with every part filled, always the same: what golden files hold.</summary>
public static class SampleOf
{
    private static readonly DateTimeOffset Time = new(2024, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly Dictionary<Type, object> Known = new()
    {
        [typeof(string)] = "text",
        [typeof(int)] = 1,
        [typeof(long)] = 2L,
        [typeof(bool)] = true,
        [typeof(byte[])] = "{}"u8.ToArray(),
        [typeof(DateTimeOffset)] = Time,
        [typeof(TimeSpan)] = TimeSpan.FromMinutes(1),
        [typeof(PipelineName)] = PipelineName.Parse("devices_loader"),
        [typeof(TablePath)] = TablePath.Parse("raw/devices"),
        [typeof(LogicalDate)] = LogicalDate.Parse("2024-01-02"),
        [typeof(RunId)] = RunId.Scheduled(LogicalDate.Parse("2024-01-02")),
        [typeof(TokenName)] = TokenName.Parse("alice"),
        [typeof(TokenHash)] = TokenHash.Of("token"),
        [typeof(RequestId)] = RequestId.Parse("request-1"),
        [typeof(ActorId)] = new ActorId("Partition", "devices_loader/2024-01-02T00:00:00Z"),
    };

    public static object Type(Type type)
    {
        if (Known.TryGetValue(type, out var known))
        {
            return known;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Type(inner);
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).Cast<object>().Last();
        }

        if (type.IsGenericType && type.Namespace == typeof(ImmutableArray).Namespace)
        {
            return Collection(type);
        }

        var concrete = type.IsAbstract ? type.GetNestedTypes().Where(t => t.IsSubclassOf(type)).OrderBy(t => t.Name, StringComparer.Ordinal).First() : type;
        var constructor = concrete.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Type(p.ParameterType))]);
    }

    private static object Collection(Type type)
    {
        var items = type.GetGenericArguments();
        var method = typeof(OneItem).GetMethod(type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)])
            ?? throw new NotSupportedException($"No sample for {type}.");
        return method.MakeGenericMethod(items).Invoke(null, [.. items.Select(Type)])!;
    }

    /// <summary>Collections of one item, found by the name of their type.</summary>
    private static class OneItem
    {
        public static ImmutableArray<T> ImmutableArray<T>(T item) => [item];

        public static ImmutableList<T> ImmutableList<T>(T item) => [item];

        public static ImmutableSortedSet<T> ImmutableSortedSet<T>(T item) => [item];

        public static ImmutableSortedDictionary<TKey, TValue> ImmutableSortedDictionary<TKey, TValue>(TKey key, TValue value)
            where TKey : notnull => System.Collections.Immutable.ImmutableSortedDictionary<TKey, TValue>.Empty.Add(key, value);
    }
}
