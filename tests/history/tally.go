package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// few is how many failures a mark tells; all are in the file.
const few = 5

// tally counts what was done.
type tally struct {
	mutex sync.Mutex
	start time.Time
	log   *os.File
	total counted
	// The time of the last write that was acknowledged.
	last time.Time
	// Since the last mark.
	marked time.Time
	since  marked
}

// counted is what was done so far.
type counted struct {
	Writes     int `json:"writes"`
	Operations int `json:"operations"`
}

// marked is what was done since a mark. Writes are those that were acknowledged; operations are those
// of registers, of which some are unknown.
type marked struct {
	Name       string   `json:"name"`
	Writes     int      `json:"writes"`
	Failed     int      `json:"failed"`
	LongestGap int64    `json:"longest_gap_ms"`
	Operations int      `json:"operations"`
	Unknown    int      `json:"unknown"`
	Failures   []string `json:"failures"`
	Elapsed    int64    `json:"elapsed_ms"`
}

func newTally(start time.Time, log *os.File) *tally {
	return &tally{start: start, log: log, last: start, marked: start, since: marked{Failures: []string{}}}
}

// wrote counts a write that was acknowledged.
func (tally *tally) wrote() {
	tally.mutex.Lock()
	defer tally.mutex.Unlock()
	tally.gap()
	tally.last = time.Now()
	tally.total.Writes++
	tally.since.Writes++
}

// gap measures the time since the last write that was acknowledged.
func (tally *tally) gap() {
	tally.since.LongestGap = max(tally.since.LongestGap, time.Since(tally.last).Milliseconds())
}

// operated counts an operation of a register.
func (tally *tally) operated(isUnknown bool) {
	tally.mutex.Lock()
	defer tally.mutex.Unlock()
	tally.total.Operations++
	tally.since.Operations++
	if isUnknown {
		tally.since.Unknown++
	}
}

// failed counts a write that was not acknowledged.
func (tally *tally) failed(err error) {
	text := tally.note("writer", err)
	tally.mutex.Lock()
	defer tally.mutex.Unlock()
	tally.since.Failed++
	if len(tally.since.Failures) < few {
		tally.since.Failures = append(tally.since.Failures, text)
	}
}

// note keeps a failure in the file.
func (tally *tally) note(who string, err error) string {
	text := fmt.Sprintf("%.3f s: %v", time.Since(tally.start).Seconds(), err)
	fmt.Fprintf(tally.log, "%s: %s\n", who, text)
	return text
}

func (tally *tally) count() counted {
	tally.mutex.Lock()
	defer tally.mutex.Unlock()
	return tally.total
}

// mark returns what was done since the last mark. A gap that goes on counts in both.
func (tally *tally) mark(name string) marked {
	tally.mutex.Lock()
	defer tally.mutex.Unlock()
	tally.gap()
	since := tally.since
	since.Name = name
	since.Elapsed = time.Since(tally.marked).Milliseconds()
	tally.marked = time.Now()
	tally.since = marked{Failures: []string{}}
	return since
}
