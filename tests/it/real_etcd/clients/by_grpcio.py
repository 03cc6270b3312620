"""Puts and gets a key by gRPC on BoringSSL: the FOLDER of a client, and the endpoint, where more may follow."""

import sys

import grpc

folder, endpoint = sys.argv[1:3]
endpoint = endpoint.removeprefix("https://")


def read(name):
    with open(f"{folder}/{name}", "rb") as file:
        return file.read()


identity = grpc.ssl_channel_credentials(read("ca.crt"), read("client.key"), read("client.crt"))
with grpc.secure_channel(endpoint, identity) as channel:

    def call(method, request):
        # Field 1 is the key, field 2 the value (etcd, api/etcdserverpb/rpc.proto).
        return channel.unary_unary(f"/etcdserverpb.KV/{method}")(request, timeout=20)

    try:
        call("Put", b"\x0a\x07bouquet\x12\x07flowers")
        answer = call("Range", b"\x0a\x07bouquet")
    except grpc.RpcError as error:
        sys.exit(f"refused: {error.details()}")
print("flowers" if b"\x2a\x07flowers" in answer else answer)
