/* form.h - the forms of short strings in records and entries. */
#pragma once
#include <stdbool.h>

#define SLUG_MAX 80
bool slug_valid(const char *s);      /* ^[a-z0-9]+(-[a-z0-9]+)*$, at most SLUG_MAX bytes */
bool form_is_date(const char *s);    /* an existing day: "2026-11-22" */
bool form_is_sha256(const char *s);  /* 64 digits of 0-9 and a-f */
bool form_is_month(const char *s);   /* "2026-11" */
bool form_is_url(const char *s);     /* http or https, a host, printable ASCII */
bool form_is_contact(const char *s); /* an e-mail address or a URL */
/* A contact for security.txt (RFC 9116): mailto:, tel: or https://, followed by a value. */
bool form_is_contact_uri(const char *s);
/* A telephone number as people write it: "055-330-3114", "120", "+82 55 330 3114". */
bool form_is_telephone(const char *s);
bool form_is_language(const char *s); /* a BCP 47 tag of the usual shape: "ko", "zh-Hans" */
