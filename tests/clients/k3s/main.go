// Program k3s reads the datastore of a K3s server, and connects to it as K3s does before anything else, by kine:
// k3s FILE
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/k3s-io/kine/pkg/tls"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.yaml.in/yaml/v3"
)

// patience is the time that etcd has to answer.
const patience = 20 * time.Second

// datastore holds the options of K3s that name a datastore (pkg/cli/cmds/server.go); any other key is refused.
type datastore struct {
	Endpoint    string `yaml:"datastore-endpoint"`
	CA          string `yaml:"datastore-cafile"`
	Certificate string `yaml:"datastore-certfile"`
	Key         string `yaml:"datastore-keyfile"`
}

func main() {
	if err := connect(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "k3s:", err)
		os.Exit(1)
	}
}

// connect writes the bootstrap data of a server, and reads it.
func connect(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	var read datastore
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	if err := decoder.Decode(&read); err != nil {
		return err
	}
	tls, err := tls.Config{CAFile: read.CA, CertFile: read.Certificate, KeyFile: read.Key}.ClientConfig()
	if err != nil {
		return err
	}
	// As in kine's pkg/endpoint and pkg/client, which bring every other database along.
	endpoints := strings.Split(read.Endpoint, ",")
	client, err := clientv3.New(clientv3.Config{Endpoints: endpoints, DialTimeout: 5 * time.Second, TLS: tls})
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := client.Put(ctx, "/bootstrap/one", "flowers"); err != nil {
		return err
	}
	answer, err := client.Get(ctx, "/bootstrap/", clientv3.WithPrefix())
	if err != nil {
		return err
	}
	for _, pair := range answer.Kvs {
		fmt.Println(string(pair.Value))
	}
	return nil
}
