#include "web/server/opening.h"

#include "base/buf.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/periodic.h"
#include "web/http/listen.h"
#include "web/http/mhd.h"
#include "web/view/template.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

EMBED(opening_page, "web/server/opening.html");

#define LOOK_MS 100
#define AGAIN "10" /* seconds until a client should ask again */
#define CONNECTIONS 64
#define PER_ADDRESS 16
#define IDLE_SECONDS 5

struct opening {
	char *listen;
	bool (*progress)(uint64_t *folded, uint64_t *size);
	struct template *page;
	struct MHD_Daemon *daemon; /* NULL while no read model is being made */
	bool tried;
	struct periodic *looks;
};

static json_t *progress_view(const struct opening *o)
{
	uint64_t folded = 0, size = 0;
	json_t *view = json_object();

	(void)o->progress(&folded, &size);
	json_put(view, "folded", json_integer((json_int_t)folded));
	json_put(view, "size", json_integer((json_int_t)size));
	return view;
}

/* Programs ask these addresses, and read JSON. */
static bool is_for_programs(const char *url)
{
	return strcmp(url, "/healthz") == 0 || strncmp(url, "/api/", 5) == 0;
}

static void add_page(const struct opening *o, const json_t *view, struct buf *out)
{
	if (template_render(o->page, ESCAPE_HTML, view, NULL, out) != OK)
		buf_puts(out, "503\n"); /* cannot be: the view has two numbers */
}

static void add_json(json_t *view, struct buf *out)
{
	json_put(view, "status", json_string("opening"));
	json_put(view, "title",
		json_string("the register is being opened: its pages are made from the log"));
	json_canonical(view, out);
}

static enum MHD_Result answer(void *arg, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *len, void **state)
{
	const char *type = is_for_programs(url) ? "application/json" : "text/html; charset=utf-8";
	json_auto_t *view = progress_view(arg);
	AUTO(buf) body = BUF(64 * KIB);
	struct MHD_Response *response;
	enum MHD_Result rc;

	if (is_for_programs(url))
		add_json(view, &body);
	else
		add_page(arg, view, &body);
	response = mhd.create_response_from_buffer(body.len, body.data, MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	(void)mhd.add_response_header(response, "Content-Type", type);
	(void)mhd.add_response_header(response, "Cache-Control", "no-store");
	(void)mhd.add_response_header(response, "Retry-After", AGAIN);
	(void)mhd.add_response_header(response, "X-Content-Type-Options", "nosniff");
	(void)mhd.add_response_header(
		response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
	/* The server that comes next must not find connections of this one. */
	(void)mhd.add_response_header(response, "Connection", "close");
	rc = mhd.queue_response(connection, MHD_HTTP_SERVICE_UNAVAILABLE, response);
	mhd.destroy_response(response);
	return rc;
}

static void open_port(struct opening *o)
{
	struct addrinfo *at = NULL;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC;

	if (mhd_need() != OK || listen_address(o->listen, &at) != OK)
		return;
	if (at->ai_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	o->daemon = mhd.start_daemon(flags, 0, NULL, NULL, answer, o, MHD_OPTION_SOCK_ADDR,
		at->ai_addr, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)PER_ADDRESS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT,
		1, MHD_OPTION_END);
	freeaddrinfo(at);
}

static unsigned look(void *arg)
{
	struct opening *o = arg;
	uint64_t folded, size;

	if (!o->tried && o->progress(&folded, &size)) {
		open_port(o);
		o->tried = true;
	}
	return LOOK_MS;
}

enum err opening_start(const char *listen, bool (*progress)(uint64_t *folded, uint64_t *size),
	struct opening **out)
{
	struct template *page;
	struct opening *o;
	enum err e;

	*out = NULL;
	if (!listen_port(listen))
		return OK;
	TRY(template_parse(embed_opening_page, embed_opening_page_len(), &page));
	o = mem_new(sizeof(*o));
	o->listen = mem_text(listen);
	o->progress = progress;
	o->page = page;
	e = periodic_start(look, o, LOOK_MS, &o->looks);
	if (e == OK)
		*out = o;
	else
		opening_end(o);
	return e;
}

void opening_end(struct opening *o)
{
	if (!o)
		return;
	periodic_stop(o->looks);
	if (o->daemon)
		mhd.stop_daemon(o->daemon);
	template_free(o->page);
	free(o->listen);
	free(o);
}
