using Google.Protobuf.Reflection;
using Latecomer.Grpc.Protocol;

namespace Latecomer.Grpc;

/// <summary><c>grpc.reflection.v1.ServerReflection</c>, and the same as <c>v1alpha</c> (<c>doc/server-reflection.md</c>). Knows itself too.</summary>
/// <param name="services">What the server serves beside it.</param>
public sealed class ReflectionService(IEnumerable<ServiceDescriptor> services)
{
    private static readonly ServiceDescriptor[] Own =
        [ReflectionReflection.Descriptor.Services[0], Protocol.Alpha.ReflectionReflection.Descriptor.Services[0]];

    private readonly ServedFiles _files = new([.. services, .. Own]);

    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods() =>
        Own.Select(s => RpcMethod.Duplex<ServerReflectionRequest, ServerReflectionResponse>(s, "ServerReflectionInfo", Answer));

    private async Task<Status> Answer(IAsyncEnumerable<ServerReflectionRequest> requests, Responses<ServerReflectionResponse> responses, RpcCall call)
    {
        await foreach (var request in requests)
        {
            var response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await responses.Write(response);
        }

        return Status.Ok;
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        ServerReflectionRequest.MessageRequestOneofCase.FileByFilename => File(_files.ByName(request.FileByFilename), request.FileByFilename),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol => File(_files.BySymbol(request.FileContainingSymbol), request.FileContainingSymbol),
        ServerReflectionRequest.MessageRequestOneofCase.ListServices => Services(),
        ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType when _files.IsMessage(request.AllExtensionNumbersOfType) =>
            new() { AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType } },
        ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType => Error(StatusCode.NotFound, $"There is no message {request.AllExtensionNumbersOfType}."),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension => Error(StatusCode.NotFound, "Nothing here is an extension."),
        _ => Error(StatusCode.InvalidArgument, "The request asks nothing."),
    };

    private static ServerReflectionResponse File(FileDescriptor? file, string wanted)
    {
        if (file is null)
        {
            return Error(StatusCode.NotFound, $"There is no {wanted}.");
        }

        var response = new FileDescriptorResponse();
        response.FileDescriptorProto.AddRange(ServedFiles.WithImports(file).Select(f => f.SerializedData));
        return new ServerReflectionResponse { FileDescriptorResponse = response };
    }

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };

    private ServerReflectionResponse Services()
    {
        var response = new ListServiceResponse();
        response.Service.AddRange(_files.Services.Select(s => new ServiceResponse { Name = s.FullName }));
        return new ServerReflectionResponse { ListServicesResponse = response };
    }
}
