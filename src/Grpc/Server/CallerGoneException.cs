namespace Latecomer.Grpc;

/// <summary>The caller left, which a handler may see by reading or writing before the call's token says so.</summary>
internal sealed class CallerGoneException(Exception? because) : OperationCanceledException("The caller is gone.", because);
