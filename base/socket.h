/* socket.h - whole messages through a connected stream socket. */
#pragma once
#include "base/err.h"

/* All of it, or ERR_NOT_FOUND where the other side is gone. */
MUST_CHECK enum err socket_send(int fd, const void *data, size_t len);
MUST_CHECK enum err socket_receive(int fd, void *data, size_t len);
