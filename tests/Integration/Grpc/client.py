"""Calls the test service with grpcio and prints what came of each case as one JSON object. Arguments: address, a file with a FileDescriptorSet."""
import hashlib
import json
import sys
import traceback

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

address, descriptors = sys.argv[1:]
pool = descriptor_pool.DescriptorPool()
with open(descriptors, "rb") as file:
    for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.Add(proto)
factory = message_factory.MessageFactory(pool)
LIMITS = [("grpc.max_receive_message_length", 32 << 20), ("grpc.max_send_message_length", 32 << 20)]
channel = grpc.insecure_channel(address, options=LIMITS)
zipped = grpc.insecure_channel(address, options=LIMITS, compression=grpc.Compression.Gzip)


def message(name):
    return factory.GetPrototype(pool.FindMessageTypeByName(name))


EchoRequest = message("latecomer.tests.EchoRequest")
RepeatRequest = message("latecomer.tests.RepeatRequest")
FailRequest = message("latecomer.tests.FailRequest")
Question = message("grpc.reflection.v1.ServerReflectionRequest")
HealthCheck = message("grpc.health.v1.HealthCheckRequest")


def method(path, on=channel):
    """The method as its descriptor says it is."""
    service, name = path.rsplit("/", 1)
    found = pool.FindServiceByName(service).methods_by_name[name]
    proto = descriptor_pb2.MethodDescriptorProto()
    found.CopyToProto(proto)
    kind = f"{'stream' if proto.client_streaming else 'unary'}_{'stream' if proto.server_streaming else 'unary'}"
    answer = factory.GetPrototype(found.output_type)
    return getattr(on, kind)(f"/{path}", request_serializer=lambda m: m.SerializeToString(), response_deserializer=answer.FromString)


def failed(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("it did not fail")


LARGE = bytes((i * 31 + (i >> 8)) & 255 for i in range(6 << 20))


def same_large(on):
    answer = method("latecomer.tests.Echo/Say", on)(EchoRequest(text="large", payload=LARGE))
    return len(answer.payload) if hashlib.sha256(answer.payload).digest() == hashlib.sha256(LARGE).digest() else "other bytes"


def cancelled():
    call = method("latecomer.tests.Echo/Repeat")(RepeatRequest(text="cancelled", endless=True, payload_bytes=1000))
    next(call)
    call.cancel()
    return failed(lambda: list(call)).code().value[0]


def details():
    error = failed(lambda: method("latecomer.tests.Echo/Fail")(FailRequest(code=9, message="nicht möglich: 100 %", field="name")))
    status = message("google.rpc.Status").FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    bad = message("google.rpc.BadRequest").FromString(status.details[0].value)
    return "|".join([str(error.code().value[0]), error.details(), status.details[0].type_url, bad.field_violations[0].field])


def metadata():
    _, call = method("latecomer.tests.Echo/Say").with_call(EchoRequest(), metadata=[("x-echo", "there and back"), ("x-echo-bin", bytes([0, 255, 128]))])
    headers, trailers = dict(call.initial_metadata()), dict(call.trailing_metadata())
    return "|".join([headers["x-echo"], headers["x-echo-bin"].hex(), trailers["x-echo-end"], trailers["x-echo-end-bin"].hex()])


def reflect(service):
    questions = [Question(list_services=""), Question(file_containing_symbol="latecomer.tests.Echo.Say"), Question(file_by_filename="no/such.proto")]
    names, file, missing = method(f"{service}/ServerReflectionInfo")(iter(questions))
    files = file.file_descriptor_response.file_descriptor_proto
    listed = ",".join(s.name for s in names.list_services_response.service)
    return f"{listed} {len(files)} {'true' if b'echo.proto' in files[0] else 'false'} {missing.error_response.error_code}"


def watch():
    call = method("grpc.health.v1.Health/Watch")(HealthCheck())
    first = next(call)
    call.cancel()
    return name_of(first)


def name_of(health):
    return health.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number[health.status].name


CASES = {
    "unary": lambda: method("latecomer.tests.Echo/Say")(EchoRequest(text="hällo 🙂")).text,
    "stream": lambda: len(list(method("latecomer.tests.Echo/Repeat")(RepeatRequest(text="x", times=1000, payload_bytes=100)))),
    "collected": lambda: method("latecomer.tests.Echo/Join")(EchoRequest(text=t) for t in "abc").text,
    "chat": lambda: ",".join(a.text for a in method("latecomer.tests.Echo/Chat")(EchoRequest(text=t) for t in "123")),
    "deadline": lambda: failed(lambda: method("latecomer.tests.Echo/Wait")(EchoRequest(text="deadline"), timeout=3)).code().value[0],
    "cancelled": cancelled,
    "details": details,
    "fault": lambda: failed(lambda: method("latecomer.tests.Echo/Fail")(FailRequest(by_fault=True, message="secret"))).details(),
    "unknown": lambda: failed(lambda: channel.unary_unary("/no.Such/Go")(b"")).code().value[0],
    "large": lambda: same_large(channel),
    "gzip": lambda: same_large(zipped),
    "oversized": lambda: failed(lambda: method("latecomer.tests.Echo/Say")(EchoRequest(payload=bytes(17 << 20)))).code().value[0],
    "metadata": metadata,
    "reflection": lambda: reflect("grpc.reflection.v1.ServerReflection"),
    "reflectionAlpha": lambda: reflect("grpc.reflection.v1alpha.ServerReflection"),
    "health": lambda: name_of(method("grpc.health.v1.Health/Check")(HealthCheck(service="latecomer.tests.Echo"))),
    "healthUnknown": lambda: failed(lambda: method("grpc.health.v1.Health/Check")(HealthCheck(service="no.Such"))).code().value[0],
    "watch": watch,
}

results = {}
for name, run in CASES.items():
    try:
        results[name] = str(run())
    except Exception:
        results[name] = f"failed: {traceback.format_exc()}"
print(json.dumps(results))
