/* mhd.h - libmicrohttpd's functions, as members of `mhd`: it is loaded with the first gate, not
 * with every command (base/library.h). Debian's brings GnuTLS and eight libraries more, for TLS
 * that is a proxy's here. */
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
	F(start_daemon)                                   \
	F(stop_daemon)                                    \
	F(suspend_connection)
#define MHD_MEMBER(name) __typeof__(MHD_##name) *name;
extern struct mhd {
	MHD_FUNCTIONS(MHD_MEMBER)
} mhd;
/* Before any of them is called; gate_new() does. */
MUST_CHECK enum err mhd_need(void);
