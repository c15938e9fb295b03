#include "web/http/gate_parts.h"

#include "base/buf.h"
#include "base/env.h"
#include "base/languages.h"
#include "base/locked.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* libmicrohttpd closes a connection on which it has read nothing for a while (5 seconds at least),
 * so it gets a request now and then. */
#define PASS_MS 2000

struct wire *_Atomic wires[DESCRIPTORS];

/* --- its own answers --- */

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {{400, "Bad Request"}, {403, "Forbidden"}, {408, "Request Timeout"},
		{431, "Request Header Fields Too Large"}, {501, "Not Implemented"},
		{503, "Service Unavailable"}, {505, "HTTP Version Not Supported"}};

	for (size_t i = 0; i < COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

/* In all languages, because the client's language is unknown. */
static char *fault_text(const struct fault *fault)
{
	struct buf text = BUF(4 * KIB);
	const char *before = err_language();

	buf_printf(&text, "%s\n", fault->why);
	for (size_t i = 0; i < languages_n; i++) {
		err_speak(languages[i].code);
		if (err_text(fault->why) != fault->why)
			buf_printf(&text, "%s\n", err_text(fault->why));
	}
	err_speak(before);
	return buf_take(&text);
}

static void send_answer(
	const struct gate *g, int fd, int status, const char *type, const char *body)
{
	AUTO(buf) out = BUF(64 * KIB);
	char date[HTTP_DATE];

	http_date(time(NULL), date);
	buf_printf(&out,
		"HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\nContent-Type: %s\r\n"
		"Content-Length: %zu\r\nCache-Control: no-store\r\n%s%s\r\n%s",
		status, reason(status), date, type, strlen(body),
		status == 503 ? "Retry-After: 5\r\n" : "", g->headers, body);
	(void)!send(fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(fd, SHUT_WR);
}

void gate_send_fault(const struct gate *g, int fd, const struct fault *fault)
{
	AUTOFREE char *text = fault_text(fault);

	send_answer(g, fd, fault->status, "text/plain; charset=utf-8", text);
}

/* --- ready answers --- */

void wire_release(struct wire *w)
{
	if (w->owed.held)
		w->gate->options.release(TAKE(w->owed.held));
}

/* Answers a request, if its answer is ready. All requests before it are answered. */
static bool answer_at_once(struct wire *w, const char *head)
{
	const struct gate_options *o = &w->gate->options;
	int64_t now = monotonic_ms();

	if (!o->find || now - w->passed > PASS_MS || !o->find(o->arg, head, &w->owed))
		return false;
	if (!ready_send(&w->owed, w->fd) || !w->owed.sent) {
		if (w->owed.sent)
			shutdown(w->fd, SHUT_RDWR);
		wire_release(w);
		return false;
	}
	w->cleared = 0;
	w->answered++;
	w->came = true;
	w->since = 0;
	atomic_fetch_add_explicit(&w->gate->ready, 1, memory_order_relaxed);
	if (ready_is_sent(&w->owed))
		wire_release(w);
	w->idle = w->owed.held ? 0 : now;
	return true;
}

bool wire_send_owed(struct wire *w)
{
	int one = 1;
	bool broken;

	LOCKED(&w->mutex);
	if (!w->owed.held)
		return true;
	broken = !ready_send(&w->owed, w->fd);
	if (!broken && !ready_is_sent(&w->owed))
		return false;
	wire_release(w);
	w->idle = monotonic_ms();
	if (broken)
		shutdown(w->fd, SHUT_RDWR);
	/* Nothing was read meanwhile, and epoll would only report what comes from now on. Setting
	 * the same value again makes it look again. */
	setsockopt(w->fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof(one));
	return true;
}

/* --- what libmicrohttpd reads --- */

/* `data` is all that was received and not passed on. */
static void hold(struct wire *w, const char *data, size_t len)
{
	if (len)
		w->held = memcpy(mem_resize(w->held, len), data, len);
	else
		free(TAKE(w->held));
	w->held_n = len;
}

ssize_t wire_end(struct wire *w)
{
	if (w->ended)
		return 0;
	if (w->body)
		send_answer(w->gate, w->fd, w->status, w->type, w->body);
	else
		gate_send_fault(w->gate, w->fd, w->fault);
	w->ended = true;
	w->ended_at = monotonic_ms();
	return 0;
}

/* Receives bytes and clears valid ones. False if there is nothing to pass on; then `*n` is the
 * result for recv(): 0 at the end, -1 with EAGAIN. `*all`: what it cleared is all that has arrived.
 */
static bool clear_more(struct wire *w, ssize_t *n, bool *all)
{
	bool at_head = w->framing.at == AT_HEAD;
	unsigned heads = w->framing.heads;
	char data[HEAD_MAX + 1];
	size_t len = w->held_n;

	if (len)
		memcpy(data, w->held, len);
	do {
		*n = recvfrom(w->fd, data + len, HEAD_MAX - len, 0, NULL, NULL);
		if (*n <= 0)
			break;
		*all = (size_t)*n < HEAD_MAX - len;
		len += (size_t)*n;
		w->cleared = framing_pass(&w->framing, data, len, &w->fault);
	} while (!w->cleared && !w->fault); /* the end may be right behind */
	if (w->fault)
		atomic_fetch_add(&w->gate->malformed, 1);
	*all &= w->cleared == len;
	data[len] = '\0';
	if (*all && w->framing.at == AT_HEAD && w->framing.heads == heads + 1 &&
		w->answered == heads && answer_at_once(w, data)) {
		hold(w, NULL, 0);
		*n = -1;
		errno = EAGAIN;
		return false;
	}
	hold(w, data, len);
	if (w->cleared) {
		w->came = true;
		w->idle = 0;
		w->in_body = w->framing.at != AT_HEAD || w->cleared > len;
		if (at_head) {
			w->since = w->in_body ? monotonic_ms() : 0;
			w->got = 0;
		}
		return true;
	}
	if (at_head && len && !w->since) {
		w->since = monotonic_ms();
		w->idle = 0;
	}
	return false;
}

bool wire_has_turn(const struct wire *w)
{
	return w->framing.heads == w->answered + w->in_body;
}

/* Passes on cleared bytes. The result of recv(). */
static ssize_t pass_on(struct wire *w, char *out, size_t max)
{
	size_t n = w->cleared < max ? w->cleared : max;

	if (!w->held_n)
		return recvfrom(w->fd, out, n, 0, NULL, NULL);
	n = n < w->held_n ? n : w->held_n;
	memcpy(out, w->held, n);
	w->held_n -= n;
	memmove(w->held, w->held + n, w->held_n);
	if (!w->held_n)
		free(TAKE(w->held));
	return (ssize_t)n;
}

/* Passes on as much as possible: libmicrohttpd takes a short read for the end of input, and waits
 * for the socket to report more. It reports what arrives after the last look, too. */
static ssize_t take(struct wire *w, char *out, size_t max)
{
	ssize_t n = -1;
	size_t got = 0;
	bool all = false;

	if (w->ended || (w->body && wire_has_turn(w)))
		return wire_end(w);
	if (w->owed.held) {
		errno = EAGAIN;
		return -1;
	}
	while (got < max) {
		if (!w->cleared && (all || w->fault || !clear_more(w, &n, &all)))
			break;
		n = pass_on(w, out + got, max - got);
		if (n <= 0)
			break;
		got += (size_t)n;
		w->got += (uint64_t)n;
		w->cleared -= (uint64_t)n;
		if (!w->cleared && w->framing.at == AT_HEAD) {
			w->in_body = false;
			w->since = 0;
		}
	}
	if (w->fault && !w->cleared && wire_has_turn(w))
		return wire_end(w);
	if (got) {
		w->passed = monotonic_ms();
		return (ssize_t)got;
	}
	if (w->fault && !w->cleared) {
		errno = EAGAIN;
		return -1;
	}
	return n;
}

ssize_t recv(int fd, void *data, size_t len, int flags)
{
	struct wire *w = fd >= 0 && (unsigned)fd < DESCRIPTORS ? wires[fd] : NULL;
	bool ended, owes;
	ssize_t n;

	if (!w)
		return recvfrom(fd, data, len, flags, NULL, NULL);
	pthread_mutex_lock(&w->mutex);
	ended = w->ended;
	n = take(w, data, len);
	ended = w->ended && !ended;
	owes = w->owed.held != NULL;
	pthread_mutex_unlock(&w->mutex);
	if (ended)
		gate_linger(w->gate, fd);
	if (owes)
		gate_owe(w->gate);
	return n;
}

bool wire_refuse(struct wire *w, int status, const char *type, char *body)
{
	bool may, ends;

	pthread_mutex_lock(&w->mutex);
	may = w->in_body && !w->ended && !w->body;
	if (may) {
		w->status = status;
		w->type = type;
		w->body = TAKE(body);
	}
	ends = may && wire_has_turn(w);
	if (ends)
		wire_end(w);
	pthread_mutex_unlock(&w->mutex);
	if (ends)
		gate_linger(w->gate, w->fd);
	free(body);
	return may;
}

bool wire_refuse_error(struct wire *w, enum err e, bool program)
{
	json_auto_t *said =
		json_make("{s:s,s:s}", "error", err_kind(e)->name, "message", err_why());
	AUTO(buf) text = BUF(4 * KIB);

	if (program)
		json_canonical(said, &text);
	else
		buf_printf(&text, "%s\n", err_why());
	return wire_refuse(w, err_kind(e)->http,
		program ? "application/json" : "text/plain; charset=utf-8", buf_take(&text));
}

int64_t wire_pace(struct wire *w, unsigned ms)
{
	int64_t pace = -1, had;

	LOCKED(&w->mutex);
	had = w->in_body && !w->ended && !w->body ? monotonic_ms() - w->since : -1;
	if (had >= ms)
		pace = (int64_t)(w->got * 1000) / (had + 1);
	return pace;
}
