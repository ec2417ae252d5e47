"""A server as grpcio sees it that knows nothing but its address: what is served, reflection tells."""
import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

REFLECTION = "grpc.reflection.v1"
FIELD = descriptor_pb2.FieldDescriptorProto


def _reflection():
    """What is asked of grpc/reflection/v1/reflection.proto, by its names and numbers."""
    file = descriptor_pb2.FileDescriptorProto(name="grpc/reflection/v1/reflection.proto", package=REFLECTION, syntax="proto3")

    def message(name, *fields):
        added = file.message_type.add(name=name)
        for number, field, kind, label in fields:
            is_message = isinstance(kind, str)
            added.field.add(
                name=field, number=number, label=label, type=FIELD.TYPE_MESSAGE if is_message else kind,
                type_name=f".{REFLECTION}.{kind}" if is_message else None)

    one, many, text = FIELD.LABEL_OPTIONAL, FIELD.LABEL_REPEATED, FIELD.TYPE_STRING
    message("ServerReflectionRequest", (3, "file_by_filename", text, one), (4, "file_containing_symbol", text, one), (7, "list_services", text, one))
    message("FileDescriptorResponse", (1, "file_descriptor_proto", FIELD.TYPE_BYTES, many))
    message("ServiceResponse", (1, "name", text, one))
    message("ListServiceResponse", (1, "service", "ServiceResponse", many))
    message("ErrorResponse", (1, "error_code", FIELD.TYPE_INT32, one), (2, "error_message", text, one))
    message(
        "ServerReflectionResponse", (4, "file_descriptor_response", "FileDescriptorResponse", one),
        (6, "list_services_response", "ListServiceResponse", one), (7, "error_response", "ErrorResponse", one))
    return file


class Server:
    def __init__(self, address, **options):
        self.channel = grpc.insecure_channel(address, **options)
        self.pool = descriptor_pool.DescriptorPool()
        self._factory = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory(self.pool).GetPrototype
        self._known = set()
        self.add([_reflection()])
        self.services = [s.name for s in self.ask({"list_services": "*"})[0].list_services_response.service]
        answers = self.ask(*({"file_containing_symbol": s} for s in self.services))
        self.add([descriptor_pb2.FileDescriptorProto.FromString(f) for a in answers for f in a.file_descriptor_response.file_descriptor_proto])

    def add(self, files):
        """Adds files after what they import."""
        by_name = {f.name: f for f in files}

        def visit(name):
            if name in by_name and name not in self._known:
                self._known.add(name)
                for imported in by_name[name].dependency:
                    visit(imported)
                self.pool.Add(by_name[name])

        for name in by_name:
            visit(name)

    def message(self, name):
        return self._factory(self.pool.FindMessageTypeByName(name))

    def ask(self, *questions):
        """Asks by reflection."""
        question = self.message(f"{REFLECTION}.ServerReflectionRequest")
        call = self.channel.stream_stream(
            f"/{REFLECTION}.ServerReflection/ServerReflectionInfo", request_serializer=question.SerializeToString,
            response_deserializer=self.message(f"{REFLECTION}.ServerReflectionResponse").FromString)
        return list(call(iter([question(**q) for q in questions])))

    def request(self, path):
        """The kind of message that a method takes."""
        return self._factory(self._method(path).input_type)

    def method(self, path, on=None):
        """The method as its descriptor says it is; its fields are arguments."""
        found = self._method(path)
        proto = descriptor_pb2.MethodDescriptorProto()
        found.CopyToProto(proto)
        kind = f"{'stream' if proto.client_streaming else 'unary'}_{'stream' if proto.server_streaming else 'unary'}"
        call = getattr(on or self.channel, kind)(
            f"/{path}", request_serializer=lambda m: m.SerializeToString(), response_deserializer=self._factory(found.output_type).FromString)
        return lambda timeout=60, message=None, **fields: call(message or self.request(path)(**fields), timeout=timeout)

    def _method(self, path):
        service, name = path.rsplit("/", 1)
        return self.pool.FindServiceByName(service).methods_by_name[name]


def failed(call):
    """How a call ended that must not succeed."""
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("it did not fail")
