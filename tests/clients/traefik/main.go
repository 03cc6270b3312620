// Program traefik reads an install configuration by Traefik's own reader, and prints the routers that its provider
// finds in etcd: traefik FILE
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/traefik/paerser/file"
	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/provider/kv/etcd"
	"github.com/traefik/traefik/v3/pkg/safe"
)

// patience is the time that the provider has to find something.
const patience = 30 * time.Second

// configuration is the part of Traefik's that names etcd (pkg/config/static); any other key is refused.
type configuration struct {
	Providers struct{ Etcd *etcd.Provider }
}

func main() {
	routers, err := find(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "traefik:", err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(routers)
}

// find returns what the provider of that file offers first.
func find(path string) (map[string]*dynamic.Router, error) {
	var read configuration
	if err := file.Decode(path, &read); err != nil {
		return nil, err
	}
	provider := read.Providers.Etcd
	if provider == nil {
		return nil, errors.New("the file names no etcd")
	}
	if err := provider.Init(); err != nil {
		return nil, err
	}
	found := make(chan dynamic.Message, 1)
	failed := make(chan error, 1)
	go func() { failed <- provider.Provide(found, safe.NewPool(context.Background())) }()
	deadline := time.After(patience)
	for {
		select {
		case message := <-found:
			return message.Configuration.HTTP.Routers, nil
		case err := <-failed:
			if err != nil {
				return nil, err
			}
			failed = nil
		case <-deadline:
			return nil, errors.New("nothing was found in time")
		}
	}
}
