namespace Latecomer.Benchmarks;

/// <summary>Why a benchmark cannot say anything; its message is for people.</summary>
internal sealed class BenchException(string message) : Exception(message);
