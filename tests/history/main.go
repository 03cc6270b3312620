// Program history loads an etcd cluster while it is changed, and has a checker judge what the
// cluster answered. It is told what to do on stdin, a line each, and answers in JSON, a line each:
//
//	count      what was done so far
//	mark NAME  what was done since the last mark
//	end        the verdict on everything, with which it ends; so does the end of stdin
//
// It exits with 0 if no acknowledged write is lost and every register is linearizable, with 1 if
// not, and with 2 if it cannot tell.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	var at access
	var out string
	flag.StringVar(&at.endpoints, "endpoints", "", "`file` with endpoints, separated by commas; read again as it changes")
	flag.StringVar(&at.cert, "cert", "", "`file` of the client's certificate; without it there is no TLS")
	flag.StringVar(&at.key, "key", "", "`file` of its key")
	flag.StringVar(&at.ca, "cacert", "", "`file` of the CAs that are trusted; read again as it changes")
	flag.StringVar(&out, "out", "", "`folder` for what failed, and for a picture of what is illegal")
	flag.Parse()
	if at.endpoints == "" || out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	isWell, err := serve(at, out, os.Stdin, os.Stdout)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "history:", err)
		os.Exit(2)
	case !isWell:
		os.Exit(1)
	}
}

// serve loads the cluster until it is told to end. It returns whether all is well.
func serve(at access, out string, commands io.Reader, answers io.Writer) (bool, error) {
	running, err := begin(at, out)
	if err != nil {
		return false, err
	}
	answer := json.NewEncoder(answers)
	lines := bufio.NewScanner(commands)
	for lines.Scan() {
		command, name, _ := strings.Cut(lines.Text(), " ")
		switch command {
		case "count":
			err = answer.Encode(running.tally.count())
		case "mark":
			err = answer.Encode(running.tally.mark(name))
		case "end":
			return end(running, at, out, answer)
		default:
			err = fmt.Errorf("`%s` is not a command: count, mark NAME, end", command)
		}
		if err != nil {
			return false, err
		}
	}
	if err := lines.Err(); err != nil {
		return false, err
	}
	return end(running, at, out, answer)
}

func end(running *load, at access, out string, answer *json.Encoder) (bool, error) {
	running.end()
	found, err := readAll(at, running)
	if err != nil {
		return false, err
	}
	verdict, err := judge(running, found, out)
	if err != nil {
		return false, err
	}
	return verdict.isWell(), answer.Encode(verdict)
}
