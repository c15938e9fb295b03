/* mhd.h - libmicrohttpd's functions, as members of `mhd`: the library is loaded with the first
 * gate, not with every command (base/library.h), because Debian's build pulls in GnuTLS and eight
 * more libraries for TLS, which a proxy does here. */
#pragma once
#include "base/err.h"

#include <microhttpd.h>

#define MHD_FUNCTIONS(F)                                  \
	F(add_connection)                                 \
	F(add_response_header)                            \
	F(create_response_from_buffer)                    \
	F(create_response_from_buffer_with_free_callback) \
	F(create_response_from_callback)                  \
	F(create_response_from_fd64)                      \
	F(destroy_response)                               \
	F(get_connection_info)                            \
	F(get_connection_values)                          \
	F(get_response_headers)                           \
	F(lookup_connection_value)                        \
	F(queue_response)                                 \
	F(resume_connection)                              \
	F(set_connection_option)                          \
	F(start_daemon)                                   \
	F(stop_daemon)                                    \
	F(suspend_connection)
#define MHD_MEMBER(name) __typeof__(MHD_##name) *name;
extern struct mhd {
	MHD_FUNCTIONS(MHD_MEMBER)
} mhd;
/* Loads them; gate_new() calls it before any is used. */
MUST_CHECK enum err mhd_need(void);
