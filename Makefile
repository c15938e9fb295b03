# Gaya: build, run, test. `make help` prints the comments after the targets.
SHELL = /bin/bash
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# A sanitizer's report needs only line numbers of all that a debugger could read; without the rest,
# the three variants with a sanitizer compile a quarter faster.
LINES = -gline-tables-only
# A sanitized program takes the usual linker three times as long as lld, and there are over a hundred of them.
LLD := $(if $(shell command -v ld.lld),-fuse-ld=lld)
# VARIANT=release (the default), asan (AddressSanitizer, UBSan; fuzz targets too) or tsan (ThreadSanitizer).
VARIANT ?= release
CC = gcc
CLANG = clang
PREFIX ?= /usr/local
DEMO = build/demo

# --- Debian 12 packages for building, testing and measuring ---
PACKAGES = gcc make pkg-config libc6-dev libsqlite3-dev libsodium-dev nettle-dev \
	libmicrohttpd-dev libcmark-dev libjansson-dev libjq-dev libonig-dev \
	libcurl4-gnutls-dev zlib1g-dev libbrotli-dev libutf8proc-dev libcsv-dev libseccomp-dev liboath-dev libfido2-dev tzdata
PACKAGES_TEST = clang lld llvm libclang-rt-14-dev libcmocka-dev json-schema-test-suite curl jq sqlite3 python3 brotli procps \
	golang-go golang-golang-x-mod-dev clang-format strace faketime openssl nginx-light caddy chromium-headless-shell firefox-esr \
	libxml2-utils $(NODE) $(JAVA)
# Debian's Node only if there is none: it conflicts with a Node from another source.
NODE = $(if $(shell command -v node),,nodejs npm)
# The W3C's HTML checker needs Java (tests/validators); any installed version will do.
JAVA = $(if $(shell command -v java),,default-jre-headless)
PACKAGES_BENCH = wrk

ifeq ($(VARIANT),release)
O = build
KIND = -O2 -g -D_FORTIFY_SOURCE=2
else ifeq ($(VARIANT),asan)
O = build/asan
CC = $(CLANG)
LINKER = $(LLD)
KIND = -O0 $(LINES) -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# libFuzzer steers by these counters. Other programs have them, too, and nothing reads them: that costs
# less than compiling everything once more.
COVERED = -fsanitize=fuzzer-no-link
# Under the sanitizers a test spends its time in these three rooms, in the sanitizers themselves, in libraries and in the
# kernel. In all other rooms together a suite of imports spends a fiftieth: there, optimizing costs more than it gains.
$(O)/base/%.o $(O)/audit/%.o $(O)/web/view/%.o: CFLAGS += -O1
# Rooms of which no fuzz target calls anything, except one file.
UNFUZZED = cli registry/backup registry/office registry/people registry/profile registry/query registry/verify \
	registry/write web/office web/pages web/server
$(addprefix $(O)/,$(addsuffix /%.o,$(UNFUZZED))): COVERED =
$(O)/web/office/form.o: COVERED = -fsanitize=fuzzer-no-link
else ifeq ($(VARIANT),tsan)
O = build/tsan
CC = $(CLANG)
LINKER = $(LLD)
# Three tests run in this variant, and two of them run no slower for it: optimizing costs more than it gains.
KIND = -O0 $(LINES) -fsanitize=thread -fno-omit-frame-pointer
endif

# Warnings are errors if CI is set, as in CI systems, or with WERROR=1.
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wwrite-strings -Wformat=2 -Wundef -Wvla -Wno-unused-parameter \
	-Wno-missing-field-initializers $(if $(CI)$(WERROR),-Werror)
# A sanitized program starts in three quarters of the time if it needs no relocation, and tests start thousands of them.
PIE = $(if $(filter asan,$(VARIANT)),-no-pie,-pie)
HARDEN = $(if $(filter -pie,$(PIE)),-fPIE,-fno-pie) -fstack-protector-strong -fstack-clash-protection -fcf-protection
CFLAGS = -std=gnu17 $(KIND) $(WARN) $(HARDEN) -I. -D_GNU_SOURCE -MMD -MP
LDFLAGS = $(PIE) -Wl,-z,relro,-z,now,-z,noexecstack $(filter -fsanitize%,$(KIND)) $(LINKER)
LIBS = -lsqlite3 -lsodium -lnettle -lcmark -ljansson -ljq -lz \
	-lbrotlienc -lutf8proc -lcsv -lseccomp -loath -lpthread -lm

# V=1 prints the full commands.
Q = $(if $(V),,@)

FOLDERS = base audit registry web cli
SOURCES = $(filter-out cli/main.c,$(wildcard $(addsuffix /*.c,$(FOLDERS)) $(addsuffix /*/*.c,$(FOLDERS))))
OBJECTS = $(SOURCES:%.c=$(O)/%.o) $(O)/profile_own.o $(O)/templates_own.o
UNIT = $(patsubst %.c,$(O)/%,$(wildcard tests/unit/*_test.c))
# Tests that need speed more than a sanitizer, and programs that prepare tests.
PROOFS = $(patsubst %.c,$(O)/%,$(wildcard tests/tools/*.c tests/tamper/*_test.c \
	tests/crash/*_test.c))
FUZZ = $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/*_fuzz.c))

.PHONY: all
all: $(O)/gaya ## build the program, build/gaya (the default)

# `gaya --version` prints the commit. The file is rewritten only if the commit changed.
VERSION = $(or $(shell git log -1 --format='%cs %h' 2>/dev/null),of unknown origin)
.PHONY: FORCE
$(O)/version.c: FORCE
	@mkdir -p $(@D)
	@echo '#include "cli/cli.h"' >$@.new
	@echo 'const char program_version[] = "$(VERSION)";' >>$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(O)/version.o: $(O)/version.c
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

$(O)/gaya: $(O)/cli/main.o $(O)/version.o $(O)/libgaya.a
	@echo "link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(O)/libgaya.a: $(OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

# A file that EMBEDs others must be compiled again when one of them changes, but the compiler's
# dependency output does not include files that the assembler reads. One search for all of them: a
# process for each file would take longer than the rest of a make that has nothing to do.
EMBEDS := $(shell grep -r --include='*.c' '^EMBED' $(FOLDERS) tests/unit | \
	sed -n 's/^\(.*\):EMBED([a-z0-9_]*, "\(.*\)");$$/\1:\2/p')
embedded = $(patsubst $(1):%,%,$(filter $(1):%,$(EMBEDS)))
.SECONDEXPANSION:
$(O)/%.o: %.c Makefile $$(call embedded,$$*.c)
	@mkdir -p $(@D)
	@echo "compile $@"
	$(Q)$(CC) $(CFLAGS) $(COVERED) -c -o $@ $<

# Every folder of policies/profiles/ is in the program (registry/profile/profile_own.h). The folders
# themselves are prerequisites, because removing a file leaves no newer file.
$(O)/profile_own.c: registry/profile/profile_own.sh policies/profiles $(wildcard policies/profiles/*/ \
		policies/profiles/*/profile.json policies/profiles/*/*.jq)
	@mkdir -p $(@D)
	$(Q)registry/profile/profile_own.sh policies/profiles >$@

# Every file of web/templates/ is in the program, too (web/view/template.h).
$(O)/templates_own.c: web/view/templates_own.sh web/templates $(wildcard web/templates/*)
	@mkdir -p $(@D)
	$(Q)web/view/templates_own.sh web/templates >$@

$(O)/%_own.o: $(O)/%_own.c Makefile
	@echo "compile $@"
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

# A test runs through its own lines once or a few times, and they compile four times as fast without
# optimization. The library that it calls is optimized.
ONCE = -O0 -U_FORTIFY_SOURCE
$(O)/tests/unit/%: tests/unit/%.c $(O)/libgaya.a $$(call embedded,tests/unit/$$*.c)
	@mkdir -p $(@D)
	@echo "compile $@"
	$(Q)$(CC) $(CFLAGS) $(ONCE) $(LDFLAGS) -o $@ $< $(WHOLE) $(O)/libgaya.a -Wl,--no-whole-archive -lcmocka $(LIBS)

# It sends requests to a server like other clients.
$(O)/tests/unit/server_test: LIBS += -lcurl-gnutls

# It checks the SQL statements of all modules, including those that it does not call.
$(O)/tests/unit/sql_plan_test: WHOLE = -Wl,--whole-archive

$(O)/tests/%: tests/%.c $(O)/libgaya.a
	@mkdir -p $(@D)
	@echo "compile $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(O)/libgaya.a -lcmocka $(LIBS)

$(O)/tests/fuzz/%: tests/fuzz/%.c $(O)/libgaya.a
	@mkdir -p $(@D)
	@echo "compile $@"
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $< $(O)/libgaya.a $(LIBS)

# The crash matrix intercepts the calls from the writer to its signer.
$(O)/tests/crash/matrix_test: LDFLAGS += -Wl,--wrap=signer_sign

.PHONY: unit proofs fuzzers
unit: $(UNIT)
proofs: $(PROOFS)
fuzzers: $(FUZZ)

.PHONY: deps deps-test deps-bench
deps: ## install the Debian packages that a build needs
	@tests/packages.sh $(PACKAGES)
deps-test:
	@tests/packages.sh $(PACKAGES) $(PACKAGES_TEST)
deps-bench:
	@tests/packages.sh $(PACKAGES) $(PACKAGES_TEST) $(PACKAGES_BENCH)

# Make reads its rules before it installs anything, so a new make runs after the installation.
.PHONY: run
run: deps ## build, make a demo city, serve it at http://127.0.0.1:8080
	@$(MAKE) --no-print-directory all
	@test -e $(DEMO)/register.db || { rm -rf $(DEMO) && \
		build/gaya init --data $(DEMO) --origin ai.gimhae.example/log --demo; }
	@demo/people.sh build/gaya $(DEMO) http://127.0.0.1:$${PORT:-8080}
	@build/gaya serve --data $(DEMO) --listen 127.0.0.1:$${PORT:-8080}

.PHONY: test
test: deps-test ## install what is missing and run every test
	@tests/run.sh

.PHONY: check
check: deps-test ## the short form of it: unit, HTTP and CLI tests, without sanitizers, tests/attack and tests/long
	@tests/run.sh check

.PHONY: soak
soak: deps-test ## an hour (SOAK=seconds) of load, attacks and kill -9; in no other target
	@$(MAKE) --no-print-directory all
	@GAYA=$(CURDIR)/build/gaya tests/attack/soak.py $(or $(SOAK),3600)

.PHONY: bench
bench: deps-bench ## measure, as ratios to what people would use instead
	@$(MAKE) --no-print-directory all proofs
	@tests/bench/run.sh

.PHONY: format
format: ## format every C file
	@tests/packages.sh clang-format
	clang-format -i $$(git ls-files '*.c' '*.h')

.PHONY: install
install: all ## copy the program to PREFIX/bin (/usr/local)
	install -D -m 755 build/gaya $(DESTDIR)$(PREFIX)/bin/gaya

.PHONY: clean
clean: ## remove everything built, the demo city too
	rm -rf build

.PHONY: help
help: ## print this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

-include $(shell find $(O) -name '*.d' -not -path 'build/asan/*' -not -path 'build/tsan/*' \
	2>/dev/null) $(if $(filter-out build,$(O)),$(shell find $(O) -name '*.d' 2>/dev/null))
