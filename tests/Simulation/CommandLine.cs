using System.Globalization;

namespace Latecomer.Tests.Simulation;

/// <summary>How many seeds, from which on, with what broken.</summary>
internal sealed record CommandLine(int Seeds, ulong Seed, Break? Break, StoreKind Store, bool Trace)
{
    public static string Usage { get; } =
        $"usage: tests/Simulation/run [--seeds N] [--seed S] [--break {Names<Break>()}] [--store {Names<StoreKind>()}] [--trace]";

    /// <summary>So many seeds are tried unless said otherwise when something is broken: not every history shows it.</summary>
    private const int SeedsToNotice = 100;

    /// <summary>Null if the arguments are wrong.</summary>
    public static CommandLine? Parse(string[] arguments)
    {
        var line = new CommandLine(0, 1, Break: null, StoreKind.Memory, Trace: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--seeds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) && seeds > 0:
                    line = line with { Seeds = seeds };
                    i++;
                    break;
                case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
                    line = line with { Seed = seed };
                    i++;
                    break;
                case "--break" when Parse<Break>(value) is { } broken:
                    line = line with { Break = broken };
                    i++;
                    break;
                case "--store" when Parse<StoreKind>(value) is { } store:
                    line = line with { Store = store };
                    i++;
                    break;
                case "--trace":
                    line = line with { Trace = true };
                    break;
                default:
                    return null;
            }
        }

        return line.Seeds > 0 ? line : line with { Seeds = line.Break is null ? 1 : SeedsToNotice };
    }

    /// <summary>As people type it: in small letters, with hyphens.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static string Names<T>()
        where T : struct, Enum => string.Join('|', Enum.GetValues<T>().Select(NameOf));

    private static T? Parse<T>(string name)
        where T : struct, Enum
    {
        var found = Enum.GetValues<T>().Where(value => NameOf(value) == name).ToList();
        return found.Count == 1 ? found[0] : null;
    }
}
