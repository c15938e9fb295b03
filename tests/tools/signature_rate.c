/* signature_rate (pool | raw) N - verifies N signatures of typical length on all cores, and prints
 * signatures per second.
 *
 * pool: like a verification, with one thread submitting them. raw: libsodium in a loop, one thread
 * per core, each with its share: the machine's limit. */
#include "audit/sig_pool.h"

#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEYS 16
#define LEN 320 /* bytes of an event's line */

struct signed_line {
	uint8_t line[LEN], sig[ED25519_SIG];
	const struct skey *key;
};
struct share {
	pthread_t thread;
	const struct signed_line *lines;
	size_t n;
	bool right;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct signed_line *make(struct skey keys[KEYS], size_t n)
{
	struct signed_line *lines = mem_new(n * sizeof(*lines));

	for (unsigned i = 0; i < KEYS; i++) {
		uint8_t seed[ED25519_SEED] = {(uint8_t)i};

		if (skey_make("rate.example/log/department", seed, &keys[i]) != OK)
			abort();
	}
	for (size_t i = 0; i < n; i++) {
		memcpy(lines[i].line, &i, sizeof(i));
		lines[i].key = &keys[i % KEYS];
		ed25519_sign(&lines[i].key->pair, lines[i].line, LEN, lines[i].sig);
	}
	return lines;
}

static bool by_pool(const struct signed_line *lines, size_t n)
{
	struct sig_pool *pool = sig_pool_new(0);
	uint64_t place;
	enum err e;

	for (size_t i = 0; i < n; i++)
		sig_pool_add(pool, i, &lines[i].key->vkey, lines[i].line, LEN, lines[i].sig);
	e = sig_pool_wait(pool, &place);
	sig_pool_free(pool);
	return e == OK;
}

static void *verify_share(void *arg)
{
	struct share *s = arg;

	s->right = true;
	for (size_t i = 0; i < s->n; i++)
		s->right &= crypto_sign_verify_detached(s->lines[i].sig, s->lines[i].line, LEN,
				    s->lines[i].key->vkey.public) == 0;
	return NULL;
}

static bool by_loops(const struct signed_line *lines, size_t n)
{
	struct share shares[64] = {0};
	bool right = true;
	unsigned cores;
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	cores = (unsigned)CPU_COUNT(&set) < COUNT(shares) ? (unsigned)CPU_COUNT(&set)
	                                                  : COUNT(shares);
	for (unsigned i = 0; i < cores; i++) {
		shares[i].lines = lines + n * i / cores;
		shares[i].n = n * (i + 1) / cores - n * i / cores;
		if (pthread_create(&shares[i].thread, NULL, verify_share, &shares[i]) != 0)
			abort();
	}
	for (unsigned i = 0; i < cores; i++) {
		pthread_join(shares[i].thread, NULL);
		right &= shares[i].right;
	}
	return right;
}

int main(int argc, char **argv)
{
	struct skey keys[KEYS];
	struct signed_line *lines;
	size_t n = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	double start;
	bool right;

	crypto_init();
	if (n == 0) {
		fprintf(stderr, "signature_rate (pool | raw) N\n");
		return 2;
	}
	lines = make(keys, n);
	start = now();
	right = strcmp(argv[1], "pool") == 0 ? by_pool(lines, n) : by_loops(lines, n);
	printf("%.0f\n", (double)n / (now() - start));
	free(lines);
	return right ? 0 : 1;
}
