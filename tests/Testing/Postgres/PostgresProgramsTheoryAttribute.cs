namespace Latecomer.Tests.Testing.Postgres;

/// <summary>As <see cref="PostgresProgramsFactAttribute"/>, with data.</summary>
public sealed class PostgresProgramsTheoryAttribute : TheoryAttribute
{
    public PostgresProgramsTheoryAttribute() => Skip = PostgresProgramsFactAttribute.Missing;
}
