// Program coredns is CoreDNS with no more plugins than names in etcd take: its own main, and its own reader of
// Corefiles.
package main

import (
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/etcd"
)

func main() {
	coremain.Run()
}
