using System.Collections.Frozen;

namespace Latecomer.Activities;

/// <summary>The built-in works of this program, by name.</summary>
internal sealed class BuiltInWorks(IEnumerable<IBuiltInWork> works)
{
    private readonly FrozenDictionary<string, IBuiltInWork> _works = works.ToFrozenDictionary(w => w.Name, StringComparer.Ordinal);

    internal IBuiltInWork? Find(string name) => _works.GetValueOrDefault(name);

    internal string Unknown(string name) =>
        $"There is no built-in work '{name}': there {(_works.Count == 1 ? "is" : "are")} {string.Join(", ", _works.Keys.Order(StringComparer.Ordinal))}.";
}
