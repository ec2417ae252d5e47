namespace Latecomer.Tests.Testing;

/// <summary>The checkout that the tests were built from.</summary>
public static class Checkout
{
    /// <summary>Its folder: what <c>LATECOMER_ROOT</c> says, where tests are built outside of it, else the one above the tests.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("LATECOMER_ROOT") is { Length: > 0 } given)
        {
            return given;
        }

        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Latecomer.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("Set LATECOMER_ROOT to the checkout: no folder above the tests holds Latecomer.slnx.");
    }
}
