"""Writes and reads the configuration of a cluster as Patroni does: ENDPOINT, the folder of a client,
and a password."""

import json
import logging
import sys

from patroni.dcs import get_dcs

logging.basicConfig(stream=sys.stderr)
endpoint, folder, password = sys.argv[1:]
etcd = {
    "hosts": [endpoint],
    "protocol": "https",
    "cacert": f"{folder}/ca.crt",
    "cert": f"{folder}/client.crt",
    "key": f"{folder}/client.key",
    "username": "patroni",
    "password": password,
}
times = {"ttl": 30, "loop_wait": 10, "retry_timeout": 10}
dcs = get_dcs({"scope": "pg", "name": "one", "patronictl": True, "etcd3": etcd, **times})
if not dcs.set_config_value(json.dumps({"ttl": 20})):
    sys.exit("nothing was written")
print(json.dumps(dcs.get_cluster().config.data))
