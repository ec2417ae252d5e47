namespace Latecomer.Grpc;

/// <summary>A message has more bytes than it may have.</summary>
internal sealed class MessageTooLargeException : Exception;
