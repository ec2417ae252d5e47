"""Asks a node with grpcio, from nothing but its address: what it serves it tells by reflection. Prints what came as one JSON object."""
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

address, descriptors = sys.argv[1:]
pool = descriptor_pool.DescriptorPool()
factory = message_factory.MessageFactory(pool)
channel = grpc.insecure_channel(address)


def add(files, known=set()):
    """Adds files after what they import."""
    by_name = {f.name: f for f in files}

    def visit(name):
        if name in by_name and name not in known:
            known.add(name)
            for imported in by_name[name].dependency:
                visit(imported)
            pool.Add(by_name[name])

    for name in by_name:
        visit(name)


def method(path):
    service, name = path.rsplit("/", 1)
    found = pool.FindServiceByName(service).methods_by_name[name]
    proto = descriptor_pb2.MethodDescriptorProto()
    found.CopyToProto(proto)
    kind = f"{'stream' if proto.client_streaming else 'unary'}_{'stream' if proto.server_streaming else 'unary'}"
    call = getattr(channel, kind)(
        f"/{path}", request_serializer=lambda m: m.SerializeToString(), response_deserializer=factory.GetPrototype(found.output_type).FromString)
    return lambda timeout=30, **fields: call(factory.GetPrototype(found.input_type)(**fields), timeout=timeout)


def ask(questions):
    question = factory.GetPrototype(pool.FindMessageTypeByName("grpc.reflection.v1.ServerReflectionRequest"))
    answer = factory.GetPrototype(pool.FindMessageTypeByName("grpc.reflection.v1.ServerReflectionResponse"))
    call = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        request_serializer=lambda m: m.SerializeToString(), response_deserializer=answer.FromString)
    return list(call(iter([question(**q) for q in questions])))


def failed(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("it did not fail")


with open(descriptors, "rb") as file:
    add([f for f in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file if f.name == "grpc/reflection/v1/reflection.proto"])
services = [s.name for s in ask([{"list_services": ""}])[0].list_services_response.service]
add([descriptor_pb2.FileDescriptorProto.FromString(bytes) for answer in ask([{"file_containing_symbol": s} for s in services])
     for bytes in answer.file_descriptor_response.file_descriptor_proto])

watch = method("grpc.health.v1.Health/Watch")(service="latecomer.v1.Runs")
seen = next(watch)
watch.cancel()
refused = failed(lambda: method("latecomer.v1.Pipelines/List")(page_size=-1))
missing = failed(lambda: method("latecomer.v1.Runs/List")(pipeline="none"))
print(json.dumps({
    "services": ",".join(services),
    "pipelines": str(len(method("latecomer.v1.Pipelines/List")().pipelines)),
    "refused": f"{refused.code().value[0]} {refused.details()}",
    "missing": f"{missing.code().value[0]} {missing.details()}",
    "late": str(failed(lambda: method("latecomer.v1.Pipelines/List")(timeout=-1)).code().value[0]),
    "nodes": ",".join(n.name for n in method("latecomer.v1.Cluster/Show")().nodes),
    "watch": f"{seen.DESCRIPTOR.fields_by_name['status'].enum_type.values_by_number[seen.status].name} {failed(lambda: list(watch)).code().value[0]}",
}))
