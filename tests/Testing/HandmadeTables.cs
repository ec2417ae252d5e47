namespace Latecomer.Tests.Testing;

/// <summary>Tables made by hand, each for one trap of the protocol, with what a correct reader must say of them. They are part of the checkout.</summary>
public static class HandmadeTables
{
    /// <summary>The folder of the tables.</summary>
    public static string Folder { get; } = Path.Combine(Checkout.Root, "tests", "Testing", "Tables");
}
