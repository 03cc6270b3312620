"""A TLS handshake over the loopback, by Python's ssl: who refused whom, if anybody.

handshake.py SERVER HOST [CLIENT]: names of pairs in this folder. Prints what each side says.
"""

import socket
import ssl
import sys
import threading

server, host, *client = sys.argv[1:]

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{server}.crt", f"{server}.key")
dialling = ssl.create_default_context(cafile="ca.crt")
dialling.verify_flags |= ssl.VERIFY_X509_STRICT
for name in client:
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations("ca.crt")
    dialling.load_cert_chain(f"{name}.crt", f"{name}.key")

listener = socket.create_server(("127.0.0.1", 0))
said = {"server": "accepted", "client": "accepted"}


def serve():
    try:
        with context.wrap_socket(listener.accept()[0], server_side=True) as connection:
            connection.send(b"hello")
    except OSError as error:
        said["server"] = str(error)


thread = threading.Thread(target=serve)
thread.start()
try:
    dialled = socket.create_connection(listener.getsockname(), timeout=30)
    with dialling.wrap_socket(dialled, server_hostname=host) as connection:
        # With TLS 1.3 a client learns only now that it was refused.
        connection.recv(5)
except OSError as error:
    said["client"] = str(error)
thread.join()
print(f"server: {said['server']}\nclient: {said['client']}")
