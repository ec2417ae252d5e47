using System.Globalization;

namespace Latecomer.Tests.Fuzz;

/// <summary>Which parser, how many inputs of which seed, or one of them.</summary>
internal sealed record CommandLine(string Kind, long Inputs, ulong Seed, long First, bool IsOne, string? Save)
{
    public const string Usage = "usage: ./fuzz log|checkpoint|parquet [--inputs N] [--seed S] [--from K]\n       ./fuzz log|checkpoint|parquet --seed S --input K [--save DIR]";

    private const long DefaultInputs = 10_000;

    /// <summary>Null if the arguments are wrong.</summary>
    public static CommandLine? Parse(string[] arguments)
    {
        if (arguments.Length == 0 || !FuzzTargets.Names.Contains(arguments[0]))
        {
            return null;
        }

        var line = new CommandLine(arguments[0], DefaultInputs, 1, 0, IsOne: false, Save: null);
        for (var i = 1; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var isNumber = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (arguments[i])
            {
                case "--inputs" when isNumber && number is > 0 and <= int.MaxValue:
                    line = line with { Inputs = (long)number };
                    break;
                case "--seed" when isNumber:
                    line = line with { Seed = number };
                    break;
                case "--from" when isNumber && number <= long.MaxValue / 2:
                    line = line with { First = (long)number };
                    break;
                case "--input" when isNumber && number <= long.MaxValue / 2:
                    line = line with { First = (long)number, Inputs = 1, IsOne = true };
                    break;
                case "--save" when value.Length > 0:
                    line = line with { Save = value };
                    break;
                default:
                    return null;
            }
        }

        return line;
    }
}
