"""Calls one method of a server with grpcio. Arguments: address, method; the request comes as JSON on stdin, the answer, or how the call failed, goes as JSON to stdout."""
import json
import sys

import grpc
from google.protobuf import json_format
from reflected import Server

address, path = sys.argv[1:]
server = Server(address)
try:
    response = server.method(path)(message=json_format.Parse(sys.stdin.read(), server.request(path)()))
    print(json_format.MessageToJson(response, indent=None))
except grpc.RpcError as error:
    print(json.dumps({"code": error.code().name, "message": error.details()}))
    sys.exit(1)
