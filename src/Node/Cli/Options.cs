using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Latecomer.Node.Cli;

/// <summary>Makes options whose errors say what would be right.</summary>
internal static class Options
{
    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<T> Number<T>(string name, string description, T value, T least, T most)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = "number",
            DefaultValueFactory = _ => value,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                {
                    return number;
                }

                result.AddError($"{name} is a number from {least} to {most}, not '{text}'.");
                return default;
            },
        };

    /// <summary>A value that has a text form.</summary>
    public static Option<T?> Parsed<T>(string name, string description, string shown)
        where T : struct, IParsable<T> => new(name)
        {
            Description = description,
            HelpName = shown,
            CustomParser = result =>
            {
                try
                {
                    return T.Parse(result.Tokens[0].Value, CultureInfo.InvariantCulture);
                }
                catch (FormatException e)
                {
                    result.AddError(e.Message);
                    return null;
                }
            },
        };

    /// <summary>An argument that has a text form.</summary>
    public static Argument<T> Argument<T>(string name, string description)
        where T : IParsable<T> => new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                try
                {
                    return T.Parse(result.Tokens[0].Value, CultureInfo.InvariantCulture);
                }
                catch (FormatException e)
                {
                    result.AddError(e.Message);
                    return default!;
                }
            },
        };
}
