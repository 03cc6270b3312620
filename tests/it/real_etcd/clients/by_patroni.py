"""Writes and reads the configuration of a cluster as Patroni does, by the file that a build made for it: the folder of a
client, where its machine has it, and a password."""

import json
import logging
import sys

import yaml
from patroni.dcs import get_dcs

logging.basicConfig(stream=sys.stderr)
folder, there, password = sys.argv[1:]
with open(f"{folder}/patroni.yaml", encoding="utf-8") as file:
    etcd = yaml.safe_load(file.read().replace(there, folder))["etcd3"]
etcd |= {"username": "patroni", "password": password}
times = {"ttl": 30, "loop_wait": 10, "retry_timeout": 10}
dcs = get_dcs({"scope": "pg", "name": "one", "patronictl": True, "etcd3": etcd, **times})
if not dcs.set_config_value(json.dumps({"ttl": 20})):
    sys.exit("nothing was written")
print(json.dumps(dcs.get_cluster().config.data))
