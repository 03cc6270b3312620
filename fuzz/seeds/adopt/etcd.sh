#!/bin/sh
IP=10.0.0.1
export ETCD_METRICS=basic
exec etcd --name "orange" \
    --initial-advertise-peer-urls=http://$IP:2380 \
    --listen-peer-urls http://${IP}:2380 --pre-vote >/dev/null 2>&1
