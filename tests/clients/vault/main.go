// Program vault reads the stanza `storage` of a configuration, opens that storage by Vault's own code, and takes it
// through what a server does with it: vault FILE
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/hcl"
	"github.com/hashicorp/hcl/hcl/ast"
	"github.com/hashicorp/vault/physical/etcd"
	"github.com/hashicorp/vault/sdk/physical"
)

func main() {
	if err := serve(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "vault:", err)
		os.Exit(1)
	}
}

// serve takes the lock that makes a server the active one, and writes and reads an entry.
func serve(path string) error {
	kind, settings, err := stanza(path)
	if err != nil {
		return err
	}
	if kind != "etcd" {
		return fmt.Errorf("the storage is %q", kind)
	}
	storage, err := etcd.NewEtcdBackend(settings, hclog.NewNullLogger())
	if err != nil {
		return err
	}
	available, is := storage.(physical.HABackend)
	if !is || !available.HAEnabled() {
		return errors.New("the storage keeps one server only")
	}
	lock, err := available.LockWith("core/lock", "one")
	if err != nil {
		return err
	}
	if _, err := lock.Lock(nil); err != nil {
		return err
	}
	ctx := context.Background()
	if err := storage.Put(ctx, &physical.Entry{Key: "core/seal", Value: []byte("flowers")}); err != nil {
		return err
	}
	entry, err := storage.Get(ctx, "core/seal")
	if err != nil {
		return err
	}
	fmt.Println(string(entry.Value))
	return lock.Unlock()
}

// stanza returns the kind and the settings of the one `storage` in a file, read as Vault reads it
// (command/server/config.go, ParseStorage).
func stanza(path string) (string, map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", nil, err
	}
	file, err := hcl.ParseBytes(text)
	if err != nil {
		return "", nil, err
	}
	list, is := file.Node.(*ast.ObjectList)
	if !is || len(list.Items) != 1 || len(list.Filter("storage").Items) != 1 {
		return "", nil, errors.New("the file is not one storage alone")
	}
	item := list.Filter("storage").Items[0]
	var values map[string]any
	if err := hcl.DecodeObject(&values, item.Val); err != nil {
		return "", nil, err
	}
	settings := map[string]string{}
	for key, value := range values {
		if text, is := value.(string); is {
			settings[key] = text
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return "", nil, err
		}
		settings[key] = string(text)
	}
	return item.Keys[0].Token.Value().(string), settings, nil
}
