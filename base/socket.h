/* socket.h - whole messages through a connected stream socket. */
#pragma once
#include "base/err.h"

/* Transfers all `len` bytes; ERR_NOT_FOUND if the other side is gone, or did not answer within the
 * time that SO_RCVTIMEO set: then errno is EAGAIN. */
MUST_CHECK enum err socket_send(int fd, const void *data, size_t len);
MUST_CHECK enum err socket_receive(int fd, void *data, size_t len);
