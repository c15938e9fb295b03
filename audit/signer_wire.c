#include "audit/signer_wire.h"

#include "base/socket.h"

#include <string.h>

static void add_u64(struct buf *out, uint64_t n)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_putc(out, (char)(n >> shift));
}

static uint64_t read_u64(const uint8_t *p)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | p[i];
	return n;
}

static void add_tree(const struct wire *m, struct buf *rest)
{
	add_u64(rest, m->size);
	buf_add(rest, m->root.bytes, SHA256);
}

/* Appends the header and the rest. */
static void print_message(const struct wire *m, struct buf *out)
{
	AUTO(buf) rest = BUF(WIRE_MAX);
	uint8_t header[WIRE_HEADER];

	if (m->type == WIRE_SIGN || m->type == WIRE_IS)
		add_tree(m, &rest);
	if (m->type == WIRE_SIGN)
		buf_add(&rest, m->path.hash, m->path.n * SHA256);
	if (m->type == WIRE_REFUSED)
		buf_putc(&rest, (char)m->code);
	if (m->type == WIRE_IS || m->type == WIRE_NOTE || m->type == WIRE_REFUSED)
		buf_add(&rest, m->text, m->text_len);
	header[0] = WIRE_VERSION;
	header[1] = (uint8_t)m->type;
	header[2] = (uint8_t)(rest.len >> 8);
	header[3] = (uint8_t)rest.len;
	buf_add(out, header, sizeof(header));
	buf_add(out, rest.data, rest.len);
}

/* The length of the rest, from the header. */
static enum err read_header(const uint8_t header[WIRE_HEADER], size_t *len)
{
	*len = (size_t)header[2] << 8 | header[3];
	ENSURE(header[0] == WIRE_VERSION, ERR_INVALID, "the signer speaks version %d, not %d",
		WIRE_VERSION, header[0]);
	ENSURE(*len <= WIRE_MAX, ERR_INVALID, "a message of %zu bytes is too long", *len);
	return OK;
}

static enum err read_sign(const uint8_t *p, size_t len, struct wire *out)
{
	size_t proof = len - 8 - SHA256;

	ENSURE(len >= 8 + SHA256 && proof % SHA256 == 0 && proof / SHA256 <= MERKLE_PATH_MAX,
		ERR_INVALID, "a request to sign of %zu bytes", len);
	out->size = read_u64(p);
	memcpy(out->root.bytes, p + 8, SHA256);
	out->path.n = proof / SHA256;
	memcpy(out->path.hash, p + 8 + SHA256, proof);
	return OK;
}

static enum err read_is(const uint8_t *p, size_t len, struct wire *out)
{
	ENSURE(len > 8 + SHA256, ERR_INVALID, "a greeting of %zu bytes", len);
	out->size = read_u64(p);
	memcpy(out->root.bytes, p + 8, SHA256);
	out->text = (const char *)p + 8 + SHA256;
	out->text_len = len - 8 - SHA256;
	return OK;
}

static enum err read_refused(const uint8_t *p, size_t len, struct wire *out)
{
	ENSURE(len >= 1 && p[0] > OK && p[0] < ERR_KINDS, ERR_INVALID, "a refusal without a kind");
	out->code = p[0];
	out->text = (const char *)p + 1;
	out->text_len = len - 1;
	return OK;
}

/* Reads the rest of a message of the header's type. */
static enum err read_rest(
	const uint8_t header[WIRE_HEADER], const void *rest, size_t len, struct wire *out)
{
	struct wire m = {.type = header[1]};

	switch (m.type) {
	case WIRE_HELLO:
		ENSURE(len == 0, ERR_INVALID, "a greeting with %zu bytes in it", len);
		break;
	case WIRE_SIGN:
		TRY(read_sign(rest, len, &m));
		break;
	case WIRE_IS:
		TRY(read_is(rest, len, &m));
		break;
	case WIRE_NOTE:
		m.text = rest;
		m.text_len = len;
		break;
	case WIRE_REFUSED:
		TRY(read_refused(rest, len, &m));
		break;
	default:
		return fail(ERR_INVALID, "there is no message of type %d", header[1]);
	}
	*out = m;
	return OK;
}

enum err wire_send(int fd, const struct wire *m)
{
	AUTO(buf) out = BUF(WIRE_HEADER + WIRE_MAX);

	print_message(m, &out);
	TRY(buf_check(&out, "a message"));
	return socket_send(fd, out.data, out.len);
}

enum err wire_receive(int fd, struct buf *bytes, struct wire *out)
{
	uint8_t header[WIRE_HEADER], rest[WIRE_MAX];
	size_t len;

	TRY(socket_receive(fd, header, sizeof(header)));
	TRY(read_header(header, &len));
	TRY(socket_receive(fd, rest, len));
	buf_clear(bytes);
	buf_add(bytes, rest, len);
	TRY(buf_check(bytes, "a message"));
	return read_rest(header, buf_text(bytes), len, out);
}
