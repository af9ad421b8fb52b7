# Two commands do everything: `make run` and `make test`.

packages := libyaml-dev libssl-dev libsqlite3-dev zlib1g-dev pkg-config tzdata
sudo := $(if $(filter 0,$(shell id -u)),,sudo)
privirun := .build/release/privirun
# Tests over real sockets and processes run apart from those that only compute, and from each other, and
# so do simulations, which keep every core busy for minutes: on a machine with two cores the others would
# wait until their own time limits ended. Of tests that start processes, some run at once and not all.
apart := SimulationTests ServingTests NetworkingTests NotificationsTests SandboxTests PrivirunTests
space := $(subst ,, )

.PHONY: run demo test deps build lint bench simulate man install package nightly clean

prefix := /usr/local

run: build ## build, then onboard a tenant in the sandbox and show how to look further
	@PRIVIRUN_DEMO_PASSWORD="$$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')" \
	  $(privirun) run workflows/onboard-tenant.yaml --sandbox \
	  --input username=demo@example.com --input password=env:PRIVIRUN_DEMO_PASSWORD
	@printf '\nLook further:\n'
	@printf '  %s\n' '$(privirun) runs' '$(privirun) show RUN          # any prefix of a run id' \
	  '$(privirun) operations' '$(privirun) --help'

demo: build ## onboard 200 tenants in a sandbox, of which some fail, and write a report
	@.ci/demo $(privirun)

test: deps ## build everything and run all tests
	swift build --build-tests
	swift test --skip-build --disable-xctest --skip '^($(subst $(space),|,$(apart)))\.'
	for suite in $(apart); do \
	  swift test --skip-build --disable-xctest --experimental-maximum-parallelization-width 12 \
	    --filter "^$$suite\." || exit 1; \
	done

# Every function has a section of its own, so that the linker keeps one of those that are equal. The folder of the
# sources shows nowhere in what is built, in paths or in digests of options: another folder gives the same program.
# All release builds have these flags: with others, everything is compiled again.
product := privirun
frontend := -function-sections -no-clang-module-breadcrumbs -disable-incremental-llvm-codegen \
  -disable-concrete-type-metadata-mangled-name-accessors
flags := --static-swift-stdlib --disable-local-rpath \
  $(foreach flag,$(frontend),-Xswiftc -Xfrontend -Xswiftc $(flag)) \
  -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=/privirun -Xcc -ffile-prefix-map=$(CURDIR)=/privirun

build: deps
	packaging/build-origin
	swift build --configuration release --product $(product) $(flags)

lint: ## check the form of all Swift sources
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks

bench: build ## measure all that Benchmarks/README.md names in 15 minutes; QUICK=1: the most of it in 3
	@$(MAKE) --no-print-directory build product=HostBenchmark
	swift build --package-path Benchmarks/Floor --configuration release --static-swift-stdlib
	QUICK=$(QUICK) Benchmarks/all $(privirun) .build/release/HostBenchmark \
	  Benchmarks/Floor/.build/release/FloorBenchmark

simulate: build ## simulate every shipped workflow: all crash points and 10,000 random runs
	.ci/simulate $(privirun) 10000

man: build ## make the manual pages
	packaging/man-pages $(privirun) .build/man

install: build ## install the program, its manual, completions, workflows and schemas below $(prefix)
	packaging/strip $(privirun) .build/stripped
	packaging/stage .build/stripped/privirun $(prefix) $(DESTDIR)

package: build ## make the archive, the Debian package, the OCI image and the SBOM in dist
	@$(MAKE) --no-print-directory deps packages='dpkg-dev ca-certificates python3'
	packaging/package $(privirun)
	packaging/check $(privirun)

nightly: ## what takes hours: clean systems, soaks, and two builds that must be equal
	packaging/nightly

deps: ## install the Debian packages that are missing
	@missing="$$(for package in $(packages); do \
	  dpkg-query --show --showformat='$${db:Status-Status}' $$package 2>/dev/null \
	    | grep -qx installed || echo $$package; done)"; \
	if [ -n "$$missing" ]; then \
	  $(sudo) apt-get update && \
	  $(sudo) env DEBIAN_FRONTEND=noninteractive apt-get install --yes $$missing; \
	fi

clean:
	swift package clean
