using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Latecomer.Node.Pipelines;

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

    /// <summary>An argument that has a text form and may be left out.</summary>
    public static Argument<T?> OptionalArgument<T>(string name, string description)
        where T : struct, IParsable<T> => new(name)
        {
            Description = description,
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result =>
            {
                try
                {
                    return result.Tokens.Count == 0 ? null : T.Parse(result.Tokens[0].Value, CultureInfo.InvariantCulture);
                }
                catch (FormatException e)
                {
                    result.AddError(e.Message);
                    return null;
                }
            },
        };

    /// <summary>A length of time, such as 90s.</summary>
    public static Option<TimeSpan?> Length(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            try
            {
                return ScheduleText.ParseLength(result.Tokens[0].Value) is var length && length > TimeSpan.Zero ? length : throw new FormatException("It is longer than nothing.");
            }
            catch (FormatException e)
            {
                result.AddError($"{name}: {e.Message}");
                return null;
            }
        },
    };

    /// <summary>Values of an enumeration of the API, by their names in small letters; each may be given several times.</summary>
    public static Option<T[]> Words<T>(string name, string description)
        where T : struct, Enum
    {
        var option = Word<T, T[]>(name, description, (result, values) => [.. result.Tokens.Select(token => values[token.Value])]);
        option.AllowMultipleArgumentsPerToken = false;
        return option;
    }

    /// <summary>A value of an enumeration of the API, by its name in small letters.</summary>
    public static Option<T?> Word<T>(string name, string description)
        where T : struct, Enum => Word<T, T?>(name, description, (result, values) => values[result.Tokens[0].Value]);

    private static Option<TValue> Word<T, TValue>(string name, string description, Func<ArgumentResult, Dictionary<string, T>, TValue> read)
        where T : struct, Enum
    {
        // The first value of each enumeration means that it was not told.
        var values = Enum.GetValues<T>().Where(value => !value.Equals(default(T))).ToDictionary(value => $"{value}".ToLowerInvariant(), StringComparer.OrdinalIgnoreCase);
        var option = new Option<TValue>(name)
        {
            Description = description,
            HelpName = string.Join('|', values.Keys),
            CustomParser = result =>
            {
                if (result.Tokens.FirstOrDefault(token => !values.ContainsKey(token.Value)) is not { } wrong)
                {
                    return read(result, values);
                }

                result.AddError($"{name} is one of {string.Join(", ", values.Keys)}, not '{wrong.Value}'.");
                return default;
            },
        };
        option.CompletionSources.Add([.. values.Keys]);
        return option;
    }
}
