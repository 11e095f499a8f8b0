# What Veil needs: the Go toolchain and make. Nothing here needs cgo.

export CGO_ENABLED = 0
VERSION ?= $(shell git describe --always --dirty 2>/dev/null || echo dev)
SOURCES := $(shell find cmd consent fixtures pipeline redact -type f 2>/dev/null)

.PHONY: build demo test bench clean

build: bin/veil

bin/veil: go.mod go.sum $(SOURCES)
	go build -trimpath -ldflags "-X main.version=$(VERSION)" -o $@ ./cmd/veil

# demo makes a study in ./demo and walks it from init to an opened hand-off.
demo: bin/veil
	sh fixtures/demo.sh bin/veil demo

test:
	go test ./...

bench:
	go test -run '^$$' -bench . -benchmem ./...

clean:
	rm -rf bin demo
