/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * What lwIP wants to know of the compiler.
 * @stage{7}
 */
#pragma once

#include <limits.h>
#include <sys/types.h> /* ssize_t */

#define SSIZE_MAX LONG_MAX

#define BYTE_ORDER LITTLE_ENDIAN

#define LWIP_NO_INTTYPES_H 1
#define LWIP_NO_CTYPE_H 1
#define LWIP_NO_UNISTD_H 1

/* What is printed nowhere. */
#define LWIP_PLATFORM_DIAG(x)

#define lwip_htons(x) ((unsigned short)__builtin_bswap16(x))
#define lwip_htonl(x) ((unsigned int)__builtin_bswap32(x))

/* Sizes that are known are copied in place. */
#define SMEMCPY(to, from, bytes) __builtin_memcpy(to, from, bytes)

#ifdef __cplusplus
extern "C" {
#endif
/** A check of lwIP's own state failed: ends the program with a sentence. */
__attribute__((noreturn)) void netsrv_assert(const char* text, const char* file, int line);
/** The connection that a segment is for (find_pcb.cpp). */
struct tcp_pcb;
struct ip4_addr;
struct tcp_pcb* netsrv_find_pcb(const struct ip4_addr* remote, unsigned short remote_port,
                                unsigned short local_port);
/** A SYN came for a listener: one half-open connection gives way if there are many
    (half_open.cpp). */
struct tcp_pcb_listen;
void netsrv_make_room(const struct tcp_pcb_listen* listener);
/** A number that nobody can guess: ports, and the like. */
unsigned netsrv_random(void);
/** The first sequence number of a connection, which only who sees its packets can know
    (RFC 6528). */
unsigned netsrv_first_number(const struct ip4_addr* local, unsigned short local_port,
                             const struct ip4_addr* remote, unsigned short remote_port);
#ifdef __cplusplus
}
#endif

#define LWIP_PLATFORM_ASSERT(text) netsrv_assert(text, __FILE__, __LINE__)
#define LWIP_RAND() netsrv_random()
