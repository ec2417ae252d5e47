namespace Latecomer.Tests.Testing;

/// <summary>The test data that lies beside the repository, in <c>../shared/testdata</c>. A clone alone does not have it: its tests are
/// skipped there, unless <c>LATECOMER_REQUIRE_SHARED=1</c> says that they must run.</summary>
public static class SharedTestData
{
    private static readonly string? Found = Find();

    /// <summary>Why tests of this data are skipped; null when they run.</summary>
    public static string? SkipReason { get; } = Found is null && Environment.GetEnvironmentVariable("LATECOMER_REQUIRE_SHARED") != "1"
        ? "needs ../shared/testdata beside the repository"
        : null;

    /// <summary>The folder of the data.</summary>
    public static string Root => Found ?? throw new DirectoryNotFoundException(
        "there is no ../shared/testdata beside the repository, and LATECOMER_REQUIRE_SHARED=1 says that its tests must run");

    private static string? Find()
    {
        var data = Path.GetFullPath(Path.Combine(Checkout.Root, "..", "shared", "testdata"));
        return Directory.Exists(data) ? data : null;
    }
}

/// <summary>A fact about the shared test data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() => Skip = SharedTestData.SkipReason;
}

/// <summary>A theory over the shared test data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute() => Skip = SharedTestData.SkipReason;
}
