package main

import (
	"context"
	"fmt"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	clientv3 "go.etcd.io/etcd/client/v3"
)

// patience is the time that all last reads may take.
const patience = time.Minute

// found is what the cluster holds when the load has ended.
type found struct {
	written   map[string]*mvccpb.KeyValue
	registers map[string]*mvccpb.KeyValue
	// When the registers were read.
	called, returned int64
}

// readAll reads everything once more, by a client of its own.
func readAll(at access, load *load) (*found, error) {
	ctx, done := context.WithTimeout(context.Background(), patience)
	defer done()
	link, err := follow(ctx, at)
	if err != nil {
		return nil, err
	}
	defer func() { _ = link.client.Load().Close() }()
	found := &found{called: load.now()}
	if found.registers, err = readPrefix(ctx, link, load.prefix); err != nil {
		return nil, err
	}
	found.returned = load.now()
	found.written, err = readPrefix(ctx, link, "written/")
	return found, err
}

// readPrefix reads what begins with a prefix, linearizably and a page at a time.
func readPrefix(ctx context.Context, link *link, prefix string) (map[string]*mvccpb.KeyValue, error) {
	all := make(map[string]*mvccpb.KeyValue)
	for from := prefix; ; {
		page, err := readPage(ctx, link, from, clientv3.GetPrefixRangeEnd(prefix))
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", prefix, err)
		}
		for _, pair := range page.Kvs {
			all[string(pair.Key)] = pair
			from = string(pair.Key) + "\x00"
		}
		if !page.More {
			return all, nil
		}
	}
}

func readPage(ctx context.Context, link *link, from, to string) (*clientv3.GetResponse, error) {
	for {
		limited, done := context.WithTimeout(ctx, 2*timeout)
		page, err := link.client.Load().Get(limited, from, clientv3.WithRange(to), clientv3.WithLimit(5000))
		done()
		if err == nil || ctx.Err() != nil {
			return page, err
		}
		time.Sleep(200 * time.Millisecond)
	}
}
