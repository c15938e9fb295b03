#include "web/server/server.h"

#include "base/journal.h"
#include "base/sha256.h"
#include "web/pages/pages.h"

#include <stdio.h>
#include <string.h>

/* Addresses for programs get errors that programs can parse. */
static bool is_for_programs(const struct exchange *x)
{
	return strncmp(x->uri, "/log/", 5) == 0 || strncmp(x->uri, "/api/", 5) == 0 ||
	       (x->route && x->route->script);
}

static void plain_error(struct exchange *x, enum err e, const char *why)
{
	const struct err_kind *kind = err_kind(e);
	struct response *rs = &x->response;
	json_t *body;

	rs->status = kind->http;
	if (strncmp(x->uri, "/log/", 5) == 0) {
		rs->type = "text/plain; charset=utf-8";
		buf_printf(&rs->body, "%s\n", kind->ours ? "the server failed" : why);
		return;
	}
	rs->type = "application/json";
	body = json_make("{s:s,s:s}", "error", kind->name, "message",
		kind->ours ? "the server failed" : why);
	json_canonical(body, &rs->body);
	json_decref(body);
}

static void error_answer(struct exchange *x, enum err e)
{
	char why[ERR_WHY_MAX];

	snprintf(why, sizeof(why), "%s", err_why());
	if (err_kind(e)->ours)
		/* Logs the route, not the address: a receipt's address is its holder's secret. */
		journal("%s: %s", x->route ? x->route->path : "no route", why);
	response_done(&x->response);
	x->response.body = BUF(4 * MIB);
	if (is_for_programs(x)) {
		plain_error(x, e, why);
	} else if (page_error(&x->request, &x->response, e, why) != OK) {
		x->response.status = 500;
		x->response.type = "text/plain; charset=utf-8";
		buf_clear(&x->response.body);
		buf_puts(&x->response.body, "The server failed. 서버에 오류가 생겼습니다.\n");
	}
	x->response.status = err_kind(e)->http;
	x->response.private_ = true;
}

static enum err too_slow(void)
{
	return fail(ERR_BUSY,
		"this takes longer than an answer may; ask for less, or try again in a moment");
}

enum err request_read(struct request *rq)
{
	if (patience_over(&rq->patience))
		return too_slow();
	TRY(reg_read(rq->site->reg, &rq->snap));
	db_watch(rq->snap->model, patience_over, &rq->patience);
	return OK;
}

void request_read_done(struct request *rq)
{
	if (!rq->snap)
		return;
	db_watch(rq->snap->model, NULL, NULL);
	reg_read_done(rq->site->reg, rq->snap);
	rq->snap = NULL;
}

/* An error in the address is reported in the language of its page. */
static enum err parse(struct exchange *x)
{
	const char *before = err_speak(x->lang);
	enum err e = request_parse(x);

	err_speak(before);
	return e;
}

/* Damage that the office's pages meet may be in the file of the people, too, so it is no proof. */
static bool is_suspect(const struct exchange *x, enum err e, uint64_t models)
{
	return e == ERR_CORRUPT && !x->route->access &&
	       reg_suspect(x->web->site.reg, models, x->route->path, err_why());
}

/* A row that a damaged read model lacks is no proof that there is no such thing. `models`: before
 * the page was read. */
static enum err consider_damage(struct exchange *x, enum err e, uint64_t models)
{
	bool by_damage = e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_CORRUPT ||
	                 (e == OK && x->response.status == 404);

	if (!is_suspect(x, e, models) && (!by_damage || !reg_health(x->web->site.reg).damaged))
		return e;
	return fail(ERR_BUSY, "the file from which pages are made is damaged, and is made again "
			      "from the log; try again in a minute");
}

static enum err run_page(struct exchange *x)
{
	struct request *rq = &x->request;
	uint64_t models = reg_health(x->web->site.reg).models;
	enum err e;

	TRY(parse(x));
	TRY(request_read(rq));
	rq->standard = reg_standard(x->web->site.reg);
	e = query_check(rq);
	if (e == OK && rq->route->access)
		e = office_enter(rq, &x->response, &x->who);
	if (e == OK && (rq->who || !rq->route->access))
		e = rq->route->answer(rq, &x->response);
	if (e == OK)
		e = buf_check(&x->response.body, "the page");
	/* Also if the page tolerated a failed read: an incomplete answer is wrong. A write is
	 * complete, and its answer reads nothing. */
	if (rq->patience.ended && (e != OK || rq->route->method == GET))
		e = too_slow();
	if (rq->snap)
		db_watch(rq->snap->model, NULL, NULL);
	e = consider_damage(x, e, models);
	if (e != OK)
		error_answer(x, e);
	request_read_done(rq);
	return OK;
}

/* Why there is no page; set again, because another thread may have found the reason. */
static enum err fail_route(const struct exchange *x)
{
	if (x->why)
		return fail(x->route_error, "%s", x->why);
	switch (x->route_error) {
	case ERR_METHOD:
		ENSURE(!reg_original(x->web->site.reg), ERR_METHOD,
			"this is a mirror, which only reads; the original is %s",
			reg_original(x->web->site.reg));
		return fail(ERR_METHOD, "this address does not answer this method");
	case ERR_DENIED:
		return fail(ERR_DENIED, "this form was sent from another site's page");
	case ERR_BUSY:
		return fail(ERR_BUSY, "this file cannot be made just now; try again in a moment");
	default:
		return fail(ERR_NOT_FOUND, "there is nothing at this address");
	}
}

enum err answer_refusal(const struct exchange *x)
{
	if (x->route_error != OK)
		return fail_route(x);
	return fail(ERR_TOO_LARGE, "what was sent is larger than %zu bytes", x->route->body_max);
}

/* An error page also shows the register's name, and whether it is an example, if the register can
 * be read. */
static void refuse(struct exchange *x)
{
	struct request *rq = &x->request;

	if (x->over)
		body_done(&x->body);
	(void)!request_parse(x);
	(void)!request_read(rq);
	error_answer(x, answer_refusal(x));
	request_read_done(rq);
}

void answer(struct exchange *x)
{
	const char *before = err_speak(x->lang);
	enum err e = OK;

	x->response.body = BUF(32 * MIB);
	if (x->route_error != OK || x->over)
		refuse(x);
	else
		e = run_page(x);
	if (e != OK)
		error_answer(x, e);
	err_speak(before);
	if (!x->response.etag[0] && !x->response.spooled &&
		(!x->response.status || x->response.status == 200) && !x->response.private_) {
		/* A weak tag, because one page is sent in three encodings. */
		struct sha256 hash = sha256_of(buf_text(&x->response.body), x->response.body.len);
		char hex[SHA256_HEX];

		sha256_hex(&hash, hex);
		snprintf(x->response.etag, sizeof(x->response.etag), "W/\"%.32s\"", hex);
	}
}
