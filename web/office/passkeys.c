#include "web/office/passkeys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HTTPS "https://"
#define LOCALHOST "localhost"

/* The last label of a host name is not a number, unlike in "10.0.0.5" and "[::1]". */
static bool is_name(const char *host, size_t len)
{
	size_t last = len;

	while (last && host[last - 1] != '.')
		last--;
	return len && *host != '[' && last < len && strspn(host + last, "0123456789") < len - last;
}

/* The length of the name in "name:port". */
static size_t name_len(const char *host)
{
	return *host == '[' ? strcspn(host, "]") + (strchr(host, ']') != NULL)
	                    : strcspn(host, ":/");
}

/* Browsers send names in lower case. */
static void lower(char *s)
{
	for (; *s; s++)
		*s = (char)tolower((unsigned char)*s);
}

static bool set(struct passkeys_here *out, const char *scheme, const char *host, size_t host_len)
{
	size_t len = name_len(host);

	if (len >= sizeof(out->rp) || strlen(scheme) + host_len >= sizeof(out->origin) ||
		!is_name(host, len))
		return false;
	snprintf(out->rp, sizeof(out->rp), "%.*s", (int)len, host);
	snprintf(out->origin, sizeof(out->origin), "%s%.*s", scheme, (int)host_len, host);
	lower(out->rp);
	lower(out->origin);
	out->site = (struct webauthn_site){out->rp, out->origin};
	return true;
}

/* Somebody else's name in Host may point readers here, so only localhost is accepted. */
static bool is_localhost(const char *host)
{
	size_t len = strlen(LOCALHOST);

	return strncasecmp(host, LOCALHOST, len) == 0 &&
	       (!host[len] || (host[len] == ':' && host[len + 1] &&
				      !host[len + 1 + strspn(host + len + 1, "0123456789")]));
}

bool passkeys_here(const struct request *rq, struct passkeys_here *out)
{
	const char *base = rq->site->base, *host = base + strlen(HTTPS);
	size_t len;

	if (strncasecmp(base, HTTPS, strlen(HTTPS)) != 0)
		return rq->host && is_localhost(rq->host) &&
		       set(out, "http://", rq->host, strlen(rq->host));
	len = strcspn(host, "/");
	if (len > 4 && strncmp(host + len - 4, ":443", 4) == 0)
		len -= 4;
	return set(out, HTTPS, host, len);
}

void passkeys_add(const struct request *rq, json_t *view)
{
	struct passkeys_here here;
	const char *port = rq->host ? strrchr(rq->host, ':') : NULL;

	if (passkeys_here(rq, &here)) {
		json_put(view, "passkeys", json_true());
		json_put(view, "passkey_origin", json_text(here.origin));
		return;
	}
	json_put(view, "passkey_nowhere", json_true());
	if (office_host_is_loopback(rq->host)) {
		AUTOFREE char *there = mem_printf("http://localhost%s",
			port && port[1] && !port[1 + strspn(port + 1, "0123456789")] ? port : "");

		json_put(view, "passkey_localhost", json_text(there));
	}
}

enum err passkeys_answer(
	const struct request *rq, struct passkeys_here *here, struct passkey_answer *out)
{
	const char *user = request_form(rq, "user"), *signature = request_form(rq, "signature"),
		   *credential = request_form(rq, "credential");

	ENSURE(passkeys_here(rq, here), ERR_INVALID,
		"passkeys work at the register's https address, and on this machine at http://localhost");
	*out = (struct passkey_answer){.site = &here->site,
		.challenge = office_given(rq, "challenge"),
		.client_data = office_given(rq, "client_data"),
		.authenticator = office_given(rq, "authenticator"),
		.signature = signature && *signature ? signature : NULL,
		.credential = credential && *credential ? credential : NULL,
		.user = user && *user ? user : NULL};
	return OK;
}
