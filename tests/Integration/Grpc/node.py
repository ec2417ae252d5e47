"""Asks a node with grpcio and prints what came of each case as one JSON object. Arguments: address, a file with descriptors of google.rpc."""
import json
import sys
import traceback

import grpc
from google.protobuf import descriptor_pb2
from reflected import Server, failed

address, descriptors = sys.argv[1:]
node = Server(address)
zipped = grpc.insecure_channel(address, compression=grpc.Compression.Gzip)
with open(descriptors, "rb") as file:
    node.add([f for f in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file if f.name.startswith("google/")])


def pipeline(name, argument="x", date="2999-01-01"):
    return {
        "name": name, "schedule": "@daily", "start": date, "end": date, "configuration_folder": name, "inputs": [{"table": "t", "partition_column": "d"}],
        "work": {"task_id": "work", "command": {"program": "true", "arguments": [argument]}}}


def told(error):
    return f"{error.code().value[0]} {error.details()}"


def details(error):
    status = node.message("google.rpc.Status").FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    info = node.message("google.rpc.ErrorInfo").FromString(status.details[0].value)
    return f"{info.reason} {info.domain} {info.metadata['method']}"


def repeated():
    apply = node.method("latecomer.v1.Pipelines/Apply")
    replies = [apply(pipeline=pipeline("first"), request_id="mine") for _ in range(2)]
    other = failed(lambda: apply(pipeline=pipeline("other"), request_id="mine"))
    return f"{replies[0].changed} {replies[0] == replies[1]} {other.code().value[0]} {details(other)}".lower()


def large(on):
    """Twenty pipelines of 20 kB each come back in one message as they were sent."""
    sent = {f"large-{i}": chr(97 + i) * 20_000 for i in range(20)}
    for name, argument in sent.items():
        node.method("latecomer.v1.Pipelines/Apply", on)(pipeline=pipeline(name, argument))
    listed = node.method("latecomer.v1.Pipelines/List", on)().pipelines
    return {p.name: p.work.command.arguments[0] for p in listed if p.name in sent} == sent


def watched():
    """What happens to a run is told while it happens, and to who comes again with the token of before from there on."""
    watch = node.method("latecomer.v1.Runs/Watch")
    first, changes, again = watch(), [], []
    token = next(first).resume_token
    node.method("latecomer.v1.Pipelines/Apply")(pipeline=pipeline("watched", date="2024-01-01"))
    while "TaskStarted" not in changes:
        changes += [c.type for c in next(first).changes]
    first.cancel()
    second = watch(resume_token=token)
    while len(again) < len(changes):
        again += [c.type for c in next(second).changes]
    second.cancel()
    return f"{changes[0]} {again[:len(changes)] == changes}".lower()


def watch(end):
    """A stream that brings something, and then ends as it is told to."""
    call = node.method("grpc.health.v1.Health/Watch")(service="latecomer.v1.Runs", timeout=3 if end == "deadline" else 60)
    seen = next(call)
    if end == "cancel":
        call.cancel()
    code = failed(lambda: list(call)).code().value[0]
    return f"{name_of(seen)} {code}"


def name_of(health):
    return health.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number[health.status].name


def reflection():
    unknown, file = node.ask({"file_containing_symbol": "no.Such"}, {"file_by_filename": "latecomer/v1/runs.proto"})
    return f"{unknown.error_response.error_code} {len(file.file_descriptor_response.file_descriptor_proto) > 0}".lower()


LIST = "latecomer.v1.Pipelines/List"
CASES = {
    "services": lambda: ",".join(node.services),
    "unary": lambda: ",".join(n.name for n in node.method("latecomer.v1.Cluster/Show")().nodes),
    "refused": lambda: told(failed(lambda: node.method(LIST)(page_size=-1))),
    "missing": lambda: told(failed(lambda: node.method("latecomer.v1.Runs/List")(pipeline="none"))),
    "details": lambda: details(failed(lambda: node.method("latecomer.v1.Runs/List")(pipeline="none"))),
    "unknown": lambda: failed(lambda: node.channel.unary_unary("/latecomer.v1.Runs/NoSuch")(b"")).code().value[0],
    "late": lambda: failed(lambda: node.method(LIST)(timeout=-1)).code().value[0],
    "repeated": repeated,
    "large": lambda: str(large(node.channel)).lower(),
    "gzip": lambda: str(large(zipped)).lower(),
    "oversized": lambda: failed(lambda: node.method(LIST)(page_token="x" * (2 << 20))).code().value[0],
    "watched": watched,
    "reflection": reflection,
    "health": lambda: name_of(node.method("grpc.health.v1.Health/Check")(service="latecomer.v1.Runs")),
    "healthUnknown": lambda: failed(lambda: node.method("grpc.health.v1.Health/Check")(service="no.Such")).code().value[0],
    "cancelled": lambda: watch("cancel"),
    "deadline": lambda: watch("deadline"),
}

results = {}
for name, run in CASES.items():
    try:
        results[name] = str(run())
    except Exception:
        results[name] = f"failed: {traceback.format_exc()}"
print(json.dumps(results))
