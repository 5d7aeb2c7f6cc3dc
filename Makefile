# One set of build flags, for everything but the race detector: SQLite's C takes a minute to compile, once a set.
export GOFLAGS := -buildvcs=false

# What is tested in Go: the longest first, so that nothing long runs alone at the end.
PACKAGES := ./surveys/store ./cmd/wellwave ./...

# Which benchmarks to run, and how often each.
BENCH ?= .
COUNT ?= 1

.PHONY: help run build test test-unit test-postgres test-browser prove lint bench cover vuln clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Start the demonstration; LAN=1 for phones on the same network
	bin/wellwave demo $(if $(LAN),--lan)

build: ## Compile bin/wellwave
	go build -o bin/wellwave ./cmd/wellwave

test: lint test-postgres test-browser ## Everything that must pass, installing what it needs where it may

test-unit: ## Tests in Go, on SQLite
	go test -race -timeout 30m $(PACKAGES)

test-postgres: ## Tests in Go, on SQLite and on a PostgreSQL of their own
	@command -v strace >/dev/null || .ci/install 'The test that receipts are durable' strace || test "$${CI:-}" != true
	.ci/with-postgres go test -race -timeout 30m $(PACKAGES)

test-browser: build ## The ways of patients and team in a real Chromium; SCREENSHOTS=1 saves e2e/screenshots/
	go build -o bin/dump ./e2e/dump
	.ci/with-browser node --test --test-concurrency=3

prove: ## What takes too long for every day, about an hour: full counts of crashes, attacks, random checks; CHECKS=n, FUZZTIME=t
	.ci/prove

lint: ## gofmt, go vet and staticcheck
	@unformatted=$$(gofmt -l .); \
		test -z "$$unformatted" || { echo "not gofmt-ed: $$unformatted" >&2; exit 1; }
	go vet ./...
	go tool staticcheck ./...

bench: ## Benchmarks, each beside its floor; BENCH=regexp and COUNT=n choose
	.ci/with-postgres --durable go test -run '^$$' -bench '$(BENCH)' -count $(COUNT) -benchmem -timeout 60m ./...

cover: ## Test coverage, as a page in cover.html
	.ci/with-postgres go test -coverprofile cover.out ./...
	go tool cover -html cover.out -o cover.html
	@go tool cover -func cover.out | tail -n 1

vuln: ## Known vulnerabilities in what is built; needs the network
	go run golang.org/x/vuln/cmd/govulncheck@latest ./...

clean: ## Remove what was made here
	rm -rf bin cover.out cover.html e2e/node_modules e2e/screenshots
