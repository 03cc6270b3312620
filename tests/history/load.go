package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// workers is how many use registers at a time, in turn by the one or the other of two clients.
	workers = 4
	// registers is how many there are at a time. Each second has its own, so that the history of
	// each is short.
	registers = 3
)

// load is who writes and who uses registers, with what they know.
type load struct {
	start time.Time
	tally *tally
	// What the keys of this load's registers begin with.
	prefix string
	// The last value that was put into a register: each is another.
	value atomic.Int64
	// The revision of each number, or 0 where it was not acknowledged.
	written []int64
	history [workers][]operation

	stop  context.CancelFunc
	group sync.WaitGroup
}

// begin starts the load.
func begin(at access, out string) (*load, error) {
	log, err := os.Create(filepath.Join(out, "failures.txt"))
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	var links [3]*link
	for i := range links {
		if links[i], err = follow(ctx, at); err != nil {
			stop()
			return nil, err
		}
	}
	start := time.Now()
	load := &load{
		start:  start,
		tally:  newTally(start, log),
		prefix: fmt.Sprintf("register/%d/", start.UnixNano()),
		stop:   stop,
	}
	load.group.Go(func() { load.write(ctx, links[2]) })
	for worker := range workers {
		load.group.Go(func() { load.work(ctx, links[worker%2], worker) })
	}
	return load, nil
}

// end stops all, after what they do at the moment.
func (load *load) end() {
	load.stop()
	load.group.Wait()
}

func (load *load) now() int64 { return int64(time.Since(load.start)) }

// write puts one number after the other, and tries none again.
func (load *load) write(ctx context.Context, link *link) {
	for ; ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		number := strconv.Itoa(len(load.written))
		limited, done := context.WithTimeout(context.Background(), timeout)
		answer, err := link.client.Load().Put(limited, "written/"+number, number)
		done()
		if err != nil {
			load.written = append(load.written, 0)
			load.tally.failed(err)
			continue
		}
		load.written = append(load.written, answer.Header.Revision)
		load.tally.wrote()
	}
}

// work puts or gets, at random, one register after the other.
func (load *load) work(ctx context.Context, link *link, worker int) {
	for ; ctx.Err() == nil; time.Sleep(25 * time.Millisecond) {
		second := int(time.Since(load.start) / time.Second)
		asked := operation{client: worker, register: second*registers + rand.IntN(registers)}
		if rand.IntN(2) == 0 {
			asked.isPut, asked.value = true, load.value.Add(1)
		}
		answered, err := load.operate(link, asked)
		if err != nil {
			load.tally.note(fmt.Sprintf("worker %d", worker), err)
			if !asked.isPut || isUndone(err) {
				continue
			}
			answered.returned = never
		}
		load.history[worker] = append(load.history[worker], answered)
		load.tally.operated(answered.returned == never)
	}
}

// operate does one operation, and fills in when, and what was answered.
func (load *load) operate(link *link, one operation) (operation, error) {
	ctx, done := context.WithTimeout(context.Background(), timeout)
	defer done()
	client, key := link.client.Load(), load.key(one.register)
	var err error
	one.called = load.now()
	if one.isPut {
		_, err = client.Put(ctx, key, strconv.FormatInt(one.value, 10))
	} else {
		answer, failed := client.Get(ctx, key)
		if err = failed; err == nil && len(answer.Kvs) > 0 {
			one.value = parse(answer.Kvs[0].Value)
		}
	}
	one.returned = load.now()
	return one, err
}

func (load *load) key(register int) string { return load.prefix + strconv.Itoa(register) }

// parse returns a value, or one that nobody puts.
func parse(text []byte) int64 {
	if value, err := strconv.ParseInt(string(text), 10, 64); err == nil && value > 0 {
		return value
	}
	return -1
}
