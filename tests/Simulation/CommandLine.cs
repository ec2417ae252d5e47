using System.Globalization;

namespace Latecomer.Tests.Simulation;

/// <summary>How many seeds, from which on, with what broken.</summary>
internal sealed record CommandLine(int Seeds, ulong Seed, Break? Break, StoreKind Store, bool Trace)
{
    public const string Usage = "usage: tests/Simulation/run [--seeds N] [--seed S] [--break fence|claim|pin|sync|slot] [--store memory|sqlite] [--trace]";

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
                case "--break" when Enum.TryParse<Break>(value, ignoreCase: true, out var broken) && Enum.IsDefined(broken):
                    line = line with { Break = broken };
                    i++;
                    break;
                case "--store" when Enum.TryParse<StoreKind>(value, ignoreCase: true, out var store) && Enum.IsDefined(store):
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
}
