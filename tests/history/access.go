package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// timeout is the time that any operation of the load may take.
const timeout = 2 * time.Second

// access holds the files that tell how the cluster is reached, each of which may change at any time.
type access struct{ endpoints, cert, key, ca string }

// read returns the endpoints, and the certificates of the CAs where there is TLS.
func (at access) read() ([]string, []byte, error) {
	text, err := os.ReadFile(at.endpoints)
	if err != nil {
		return nil, nil, err
	}
	list := strings.Split(strings.TrimSpace(string(text)), ",")
	if list[0] == "" {
		return nil, nil, fmt.Errorf("%s: there is no endpoint in it", at.endpoints)
	}
	if at.cert == "" {
		return list, nil, nil
	}
	cas, err := os.ReadFile(at.ca)
	return list, cas, err
}

// connect makes a client. It reads its own certificate again for each connection.
func (at access) connect(endpoints []string, cas []byte) (*clientv3.Client, error) {
	config := clientv3.Config{
		Endpoints: endpoints,
		// As often as gRPC asks at most.
		DialKeepAliveTime:    10 * time.Second,
		DialKeepAliveTimeout: timeout,
		// A gap is to be that of the cluster: by default gRPC waits for up to two minutes until it
		// tries a member again.
		DialOptions: []grpc.DialOption{grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, MaxDelay: time.Second},
			MinConnectTimeout: timeout,
		})},
		Logger: zap.NewNop(),
	}
	if at.cert != "" {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(cas) {
			return nil, fmt.Errorf("%s: there is no certificate in it", at.ca)
		}
		config.TLS = &tls.Config{
			RootCAs: pool,
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				pair, err := tls.LoadX509KeyPair(at.cert, at.key)
				return &pair, err
			},
		}
	}
	return clientv3.New(config)
}

// link is a client that follows the files.
type link struct {
	access
	client    atomic.Pointer[clientv3.Client]
	endpoints []string
	cas       []byte
}

// follow makes a client, and keeps to what the files say until ctx ends.
func follow(ctx context.Context, at access) (*link, error) {
	endpoints, cas, err := at.read()
	if err != nil {
		return nil, err
	}
	client, err := at.connect(endpoints, cas)
	if err != nil {
		return nil, err
	}
	link := &link{access: at, endpoints: endpoints, cas: cas}
	link.client.Store(client)
	go func() {
		for ticks := time.Tick(500 * time.Millisecond); ctx.Err() == nil; <-ticks {
			link.refresh()
		}
	}()
	return link, nil
}

// refresh takes over what the files say now. One that is half written is read again the next time.
func (link *link) refresh() {
	endpoints, cas, err := link.read()
	if err != nil {
		return
	}
	if !bytes.Equal(cas, link.cas) {
		client, err := link.connect(endpoints, cas)
		if err != nil {
			return
		}
		old := link.client.Swap(client)
		// What it was asked last is answered by then.
		time.AfterFunc(2*timeout, func() { _ = old.Close() })
	} else if !slices.Equal(endpoints, link.endpoints) {
		link.client.Load().SetEndpoints(endpoints...)
	}
	link.endpoints, link.cas = endpoints, cas
}

// isUndone returns whether a put that failed is sure to be without effect, now and later.
//
// Of a server's answers only those count that it gives before it proposes anything. A database that
// is full is none: etcd answers so to a put that it has applied, too.
func isUndone(err error) bool {
	for _, answer := range []error{
		rpctypes.ErrPermissionDenied,
		rpctypes.ErrTooManyRequests,
		rpctypes.ErrGRPCNotSupportedForLearner,
	} {
		if rpctypes.ErrorDesc(err) == rpctypes.ErrorDesc(answer) {
			return true
		}
	}
	// gRPC says this of a connection that was never made, and thus of a call that was never sent.
	unsent := []string{"transport: Error while dialing", "transport: authentication handshake failed"}
	return status.Code(err) == codes.Unavailable && slices.ContainsFunc(unsent, func(words string) bool {
		return strings.Contains(err.Error(), words)
	})
}
