# Gaya: build, run, test. `make help` prints what the comments below say.
SHELL = /bin/bash
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# VARIANT: release (default), asan (AddressSanitizer and UBSan, clang), tsan (ThreadSanitizer, clang)
VARIANT ?= release
CC = gcc
PREFIX ?= /usr/local
PORT ?= 8080

PACKAGES_BUILD = gcc make pkg-config libc6-dev libsqlite3-dev libsodium-dev nettle-dev libmicrohttpd-dev \
	libcmark-dev libjansson-dev libjq-dev libonig-dev libcurl4-gnutls-dev zlib1g-dev libbrotli-dev \
	libutf8proc-dev libcsv-dev tzdata
PACKAGES_TEST = clang libclang-rt-14-dev libcmocka-dev curl jq sqlite3 python3 procps
PACKAGES_BENCH = nginx-light wrk jq curl python3
PACKAGES_FORMAT = clang-format

ifeq ($(VARIANT),release)
O = build
OPTIMISE = -O2 -g -D_FORTIFY_SOURCE=2
else ifeq ($(VARIANT),asan)
O = build/asan
CC = clang
OPTIMISE = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else ifeq ($(VARIANT),tsan)
O = build/tsan
CC = clang
OPTIMISE = -O1 -g -fsanitize=thread -fno-omit-frame-pointer
else ifeq ($(VARIANT),fuzz)
O = build/fuzz
CC = clang
OPTIMISE = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

# Warnings are errors where CI is set (as CI systems do) or with WERROR=1.
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wwrite-strings -Wformat=2 -Wundef -Wvla -Wno-unused-parameter -Wno-missing-field-initializers \
	$(if $(CI)$(WERROR),-Werror)
HARDEN = -fstack-protector-strong -fPIE -fcf-protection -fstack-clash-protection
CFLAGS = -std=gnu17 $(OPTIMISE) $(WARN) $(HARDEN) -I. -D_GNU_SOURCE -MMD -MP
LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack $(filter -fsanitize=address%,$(OPTIMISE)) $(filter -fsanitize=thread,$(OPTIMISE))
LIBS = -lsqlite3 -lsodium -lnettle -lmicrohttpd -lcmark -ljansson -ljq -lcurl-gnutls -lz -lbrotlienc \
	-lutf8proc -lcsv -lpthread -lm

FOLDERS = base audit registry web cli
SOURCES = $(filter-out cli/main.c,$(wildcard $(addsuffix /*.c,$(FOLDERS))))
OBJECTS = $(SOURCES:%.c=$(O)/%.o)
UNIT = $(patsubst %.c,$(O)/%,$(wildcard tests/unit/*_test.c))
FUZZ = $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/*_fuzz.c))

.PHONY: all
all: $(O)/gaya ## build/gaya, the program (the default)

$(O)/gaya: $(O)/cli/main.o $(O)/libgaya.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(O)/libgaya.a: $(OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

$(O)/tests/unit/%: tests/unit/%.c $(O)/libgaya.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(O)/libgaya.a -lcmocka $(LIBS)

$(O)/tests/fuzz/%: tests/fuzz/%.c $(O)/libgaya.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $< $(O)/libgaya.a $(LIBS)

.PHONY: unit
unit: $(UNIT)

-include $(shell find $(O) -name '*.d' 2>/dev/null)
