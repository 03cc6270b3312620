package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"go.etcd.io/etcd/api/v3/mvccpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func put(value, called, returned int64) operation {
	return operation{isPut: true, value: value, called: called, returned: returned}
}

func get(value, called, returned int64) operation {
	return operation{client: 1, value: value, called: called, returned: returned}
}

func TestHistoriesAreJudged(t *testing.T) {
	for what, test := range map[string]struct {
		history []operation
		is      porcupine.CheckResult
	}{
		"what was put is got":                      {[]operation{get(0, 1, 2), put(1, 3, 4), get(1, 5, 6)}, porcupine.Ok},
		"either of two at once may be the last":    {[]operation{put(1, 1, 4), put(2, 2, 3), get(1, 5, 6)}, porcupine.Ok},
		"a write is lost":                          {[]operation{put(1, 1, 2), get(0, 3, 4)}, porcupine.Illegal},
		"a read is stale":                          {[]operation{put(1, 1, 2), put(2, 3, 4), get(1, 5, 6)}, porcupine.Illegal},
		"a write is undone":                        {[]operation{put(1, 1, 2), put(2, 3, 8), get(2, 4, 5), get(1, 6, 7)}, porcupine.Illegal},
		"nobody put it":                            {[]operation{get(-1, 1, 2)}, porcupine.Illegal},
		"an unknown write is seen later":           {[]operation{put(1, 1, never), get(0, 3, 4), get(1, 5, 6)}, porcupine.Ok},
		"an unknown write is never seen":           {[]operation{put(1, 1, never), get(0, 3, 4)}, porcupine.Ok},
		"an unknown write is seen before its time": {[]operation{get(1, 1, 2), put(1, 3, never)}, porcupine.Illegal},
		"an unknown write is seen and undone":      {[]operation{put(1, 1, never), get(1, 3, 4), get(0, 5, 6)}, porcupine.Illegal},
	} {
		if is := check(test.history, time.Minute); is != test.is {
			t.Errorf("%s: %s", what, is)
		}
	}
}

// Each of these could have been done at any time since: an order of all need not be tried.
func TestManyUnknownWritesTakeNoTime(t *testing.T) {
	history := []operation{put(1000, 0, 1), get(0, 100, 101)}
	for value := range int64(60) {
		history = append(history, put(value+1, value, never))
	}
	if is := check(history, 10*time.Second); is != porcupine.Illegal {
		t.Error(is)
	}
}

func TestTheVerdictNamesWhatIsLostAndWhatIsIllegal(t *testing.T) {
	load := &load{prefix: "register/7/", written: []int64{11, 0, 13, 14}}
	for register := range 2 {
		one := put(5, 1, 2)
		one.register = register
		load.history[0] = append(load.history[0], one)
	}
	there := func(key, value string, revision int64) *mvccpb.KeyValue {
		return &mvccpb.KeyValue{Key: []byte(key), Value: []byte(value), ModRevision: revision}
	}
	found := &found{called: 10, returned: 20, written: map[string]*mvccpb.KeyValue{}, registers: map[string]*mvccpb.KeyValue{
		"register/7/0": there("register/7/0", "5", 3),
	}}
	// The last one is of someone else, who wrote it before.
	for number, revision := range map[int]int64{0: 11, 1: 12, 3: 9} {
		key := "written/" + strconv.Itoa(number)
		found.written[key] = there(key, strconv.Itoa(number), revision)
	}
	out := t.TempDir()
	verdict, err := judge(load, found, out)
	if err != nil {
		t.Fatal(err)
	}
	if verdict.isWell() || verdict.Acknowledged != 3 || !slices.Equal(verdict.Lost, []int{2, 3}) {
		t.Errorf("%+v", verdict)
	}
	if verdict.Linearizable != "illegal" || verdict.Illegal.Key != "register/7/1" {
		t.Errorf("%+v", verdict)
	}
	want := []string{"client 0 puts 5, 0.000000 s to 0.000000 s", "client 4 gets 0, 0.000000 s to 0.000000 s"}
	if !slices.Equal(verdict.Illegal.Operations, want) {
		t.Errorf("%q", verdict.Illegal.Operations)
	}
	picture, err := os.ReadFile(filepath.Join(out, "illegal.html"))
	if err != nil || !strings.Contains(string(picture), "client 4 gets 0") {
		t.Error("there is no picture", err)
	}
}

func TestWhatMayHaveBeenDoneIsNotUndone(t *testing.T) {
	unavailable := func(text string) error { return status.Error(codes.Unavailable, text) }
	for _, err := range []error{
		rpctypes.ErrPermissionDenied,
		rpctypes.ErrTooManyRequests,
		rpctypes.ErrGRPCNotSupportedForLearner,
		unavailable(`connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:1: connect: connection refused"`),
	} {
		if !isUndone(err) {
			t.Error(err, "is unknown")
		}
	}
	for _, err := range []error{
		rpctypes.ErrNoSpace,
		rpctypes.ErrTimeout,
		rpctypes.ErrLeaderChanged,
		rpctypes.ErrStopped,
		unavailable("error reading from server: EOF"),
		unavailable(`connection error: desc = "keepalive ping failed to receive ACK within timeout"`),
		status.Error(codes.DeadlineExceeded, "context deadline exceeded"),
		errors.New("transport: Error while dialing"),
	} {
		if isUndone(err) {
			t.Error(err, "is undone")
		}
	}
}
