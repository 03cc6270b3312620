package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/anishathalye/porcupine"
)

const (
	// many is how many lost numbers, or operations of a register, a verdict tells.
	many = 20
	// checking is the time that the checks of all registers may take.
	checking = time.Minute
	// last is the client of the last reads.
	last = workers
)

// verdict is what is told at the end.
type verdict struct {
	Acknowledged int   `json:"acknowledged"`
	Lost         []int `json:"lost"`
	Operations   int   `json:"operations"`
	Keys         int   `json:"keys"`
	Unknown      int   `json:"unknown"`
	// "ok", "illegal", or "unknown" where the time did not do.
	Linearizable string   `json:"linearizable"`
	Illegal      *illegal `json:"illegal,omitempty"`
	Reading      int64    `json:"reading_ms"`
	Checking     int64    `json:"checking_ms"`
}

// illegal is the first register whose history no order explains.
type illegal struct {
	Key        string   `json:"key"`
	Operations []string `json:"operations"`
}

func (verdict *verdict) isWell() bool {
	return len(verdict.Lost) == 0 && verdict.Linearizable == "ok"
}

// judge compares what was acknowledged and answered with what is there.
func judge(load *load, found *found, out string) (*verdict, error) {
	acknowledged, lost := lost(load.written, found)
	history := slices.Concat(load.history[:]...)
	verdict := &verdict{
		Acknowledged: acknowledged,
		Lost:         lost[:min(many, len(lost))],
		Linearizable: "ok",
		Reading:      time.Duration(load.now() - found.called).Milliseconds(),
	}
	histories := byRegister(history)
	verdict.Keys = len(histories)
	begun := time.Now()
	for _, number := range slices.Sorted(maps.Keys(histories)) {
		key := load.key(number)
		all := append(histories[number], found.get(number, key))
		verdict.Operations += len(all)
		for _, one := range all {
			if one.returned == never {
				verdict.Unknown++
			}
		}
		limit := max(time.Nanosecond, checking-time.Since(begun))
		switch check(all, limit) {
		case porcupine.Illegal:
			if verdict.Illegal == nil {
				texts, err := draw(all, limit, filepath.Join(out, "illegal.html"), many)
				if err != nil {
					return nil, err
				}
				verdict.Illegal = &illegal{Key: key, Operations: texts}
			}
			verdict.Linearizable = "illegal"
		case porcupine.Unknown:
			if verdict.Linearizable == "ok" {
				verdict.Linearizable = "unknown"
			}
		}
	}
	verdict.Checking = time.Since(begun).Milliseconds()
	return verdict, nil
}

// get returns the last read of a register.
func (found *found) get(number int, key string) operation {
	one := operation{client: last, register: number, called: found.called, returned: found.returned}
	if pair := found.registers[key]; pair != nil {
		one.value = parse(pair.Value)
	}
	return one
}

// lost returns how many numbers were acknowledged, and those of them that are not there, or not from
// the revision at which they were acknowledged.
func lost(written []int64, found *found) (acknowledged int, lost []int) {
	lost = []int{}
	for number, revision := range written {
		if revision == 0 {
			continue
		}
		acknowledged++
		text := strconv.Itoa(number)
		pair := found.written["written/"+text]
		if pair == nil || string(pair.Value) != text || pair.ModRevision != revision {
			lost = append(lost, number)
		}
	}
	return acknowledged, lost
}
