using System.Globalization;

namespace Latecomer.Tests.Nemesis;

/// <summary>For how long, by which seed, and whether everything is kept.</summary>
internal sealed record CommandLine(TimeSpan Time, ulong Seed, bool Keep)
{
    public const string Usage = "usage: tests/Nemesis/run [--minutes N | --seconds N] [--seed S] [--keep]";

    /// <summary>Null if the arguments are wrong.</summary>
    public static CommandLine? Parse(string[] arguments)
    {
        var line = new CommandLine(TimeSpan.FromMinutes(1), 1, Keep: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--minutes" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes > 0:
                    line = line with { Time = TimeSpan.FromMinutes(minutes) };
                    i++;
                    break;
                case "--seconds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    line = line with { Time = TimeSpan.FromSeconds(seconds) };
                    i++;
                    break;
                case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
                    line = line with { Seed = seed };
                    i++;
                    break;
                case "--keep":
                    line = line with { Keep = true };
                    break;
                default:
                    return null;
            }
        }

        return line;
    }
}
