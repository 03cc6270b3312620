package main

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"
)

// never is when a put returns of which nobody knows whether it was done, or will be.
const never = math.MaxInt64

// operation is one put or get of a register, in nanoseconds since the start. Its value is what was
// put, or what was got: 0 where there was nothing.
type operation struct {
	client, register int
	isPut            bool
	value            int64
	called, returned int64
}

func (one operation) String() string {
	until := "nobody knows"
	if one.returned != never {
		until = fmt.Sprintf("%.6f s", time.Duration(one.returned).Seconds())
	}
	verb := "gets"
	if one.isPut {
		verb = "puts"
	}
	from := time.Duration(one.called).Seconds()
	return fmt.Sprintf("client %d %s %d, %.6f s to %s", one.client, verb, one.value, from, until)
}

// register is the model of one register. Its state is its value.
var register = porcupine.Model{
	Init: func() any { return int64(0) },
	Step: func(state, input, _ any) (bool, any) {
		one := input.(operation)
		return one.isPut || one.value == state, one.value
	},
	DescribeOperation: func(input, _ any) string { return input.(operation).String() },
	DescribeState:     func(state any) string { return fmt.Sprint(state) },
}

// byRegister returns the history of each register: they do not depend on each other.
func byRegister(all []operation) map[int][]operation {
	histories := make(map[int][]operation)
	for _, one := range all {
		histories[one.register] = append(histories[one.register], one)
	}
	return histories
}

// check has the history of one register checked.
func check(all []operation, limit time.Duration) porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(register, relevant(all), limit)
}

// relevant returns the operations without the puts that are unknown and that nobody saw: they may
// have been done after everything else, or never, and would only keep the checker busy.
func relevant(all []operation) []porcupine.Operation {
	seen := make(map[int64]bool)
	for _, one := range all {
		if !one.isPut {
			seen[one.value] = true
		}
	}
	var list []porcupine.Operation
	for _, one := range all {
		if one.returned == never && !seen[one.value] {
			continue
		}
		list = append(list, porcupine.Operation{
			ClientId: one.client, Input: one, Call: one.called, Return: one.returned,
		})
	}
	return list
}

// draw writes a picture of a history, and returns up to `most` operations in the order of their calls:
// those up to the first one that does not fit, whatever order is tried.
func draw(all []operation, limit time.Duration, path string, most int) ([]string, error) {
	_, info := porcupine.CheckOperationsVerbose(register, relevant(all), limit)
	if err := porcupine.VisualizePath(register, info, path); err != nil {
		return nil, err
	}
	fits := make(map[operation]bool)
	for _, partition := range info.PartialLinearizationsOperations() {
		longest := slices.MaxFunc(partition, func(a, b []porcupine.Operation) int { return len(a) - len(b) })
		for _, one := range longest {
			fits[one.Input.(operation)] = true
		}
	}
	end := int64(never)
	for _, one := range all {
		if !fits[one] {
			end = min(end, one.returned)
		}
	}
	var told []operation
	for _, one := range all {
		if one.called <= end {
			told = append(told, one)
		}
	}
	slices.SortFunc(told, func(a, b operation) int { return int(a.called - b.called) })
	var texts []string
	for _, one := range told[max(0, len(told)-most):] {
		texts = append(texts, one.String())
	}
	return texts, nil
}
