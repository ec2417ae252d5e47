using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>The program that is tested.</summary>
internal static class BuiltProgram
{
    /// <summary>The program: what <c>./test</c> compiled ahead of time, else as it was built with the tests.</summary>
    public static string Assembly { get; } = Environment.GetEnvironmentVariable("LATECOMER_TEST_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "latecomer.dll");

    /// <summary>The runtime that runs the tests runs the program.</summary>
    public static string Dotnet { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>What a user types.</summary>
    public static string Launcher { get; } = FileOfCheckout("latecomer");

    /// <summary>A file of the checkout.</summary>
    public static string FileOfCheckout(params string[] path) => Path.Combine([Checkout.Root, .. path]);
}
