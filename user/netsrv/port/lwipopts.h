/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * How lwIP is built: without an operating system below it, driven by one coroutine.
 * Reference: lwIP 2.1.3, src/include/lwip/opt.h.
 * @stage{7}
 */
#pragma once

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0

/* Protocols. */
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_TCP 1
#define LWIP_UDP 1
#define LWIP_DHCP 1
#define LWIP_ICMP 1
#define LWIP_RAW 0
#define IP_FRAG 0
#define IP_REASSEMBLY 0
#define DHCP_DOES_ARP_CHECK 0
#define LWIP_NETIF_LINK_CALLBACK 0
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_HOSTNAME 1
#define LWIP_SINGLE_NETIF 1
#define LWIP_NETIF_LOOPBACK 1 /* programs of this machine can talk to each other */
#define LWIP_LOOPBACK_MAX_PBUFS 64
#define ARP_TABLE_SIZE 32
#define ARP_QUEUEING 0

/* Memory: the heap lies where the device can read it (interface.hpp), and frames are sent from
   there. It is enough for all sockets that there can be, each with all that it may keep:

       received, TCP_WND in chunks that are filled (sockets.cpp)              5.4 KB
       to be sent, TCP_SND_BUF in TCP_SND_QUEUELEN segments with headers      5.3 KB
       a message of the client that waits for room there                      0.9 KB
                                                          times 1024          11.9 MB
       to be sent of connections that nobody has a handle of, times 128       0.7 MB
       frames to this machine itself, LWIP_LOOPBACK_MAX_PBUFS                 0.1 MB

   So nobody who does not read can keep others from sending. Pools are static, and have one for each
   socket too: who has a handle has all that belongs to it. */
#define MEM_ALIGNMENT 8
#define MEM_LIBC_MALLOC 0
#define MEM_SIZE (13790 * 1024) /* 14.1 MB */
#define LWIP_RAM_HEAP_POINTER netsrv_heap
#define MEMP_NUM_PBUF 64
#define PBUF_POOL_SIZE 4
#define MEMP_NUM_TCP_PCB (1024 + 128)
#define MEMP_NUM_TCP_PCB_LISTEN 1024
#define MEMP_NUM_TCP_SEG (12 * 1024)
#define MEMP_NUM_UDP_PCB (1024 + 1) /* DHCP's */
#define MEMP_NUM_SYS_TIMEOUT 16
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define PBUF_LINK_ENCAPSULATION_HLEN 12 /* the device's header */
#define LWIP_NETIF_TX_SINGLE_PBUF 1

/* TCP. */
#define TCP_MSS 1460
#define TCP_WND (3 * TCP_MSS)
#define TCP_SND_BUF (3 * TCP_MSS)
#define TCP_SND_QUEUELEN 8
#define TCP_LISTEN_BACKLOG 1
#define TCP_DEFAULT_LISTEN_BACKLOG 255
#define LWIP_TCP_KEEPALIVE 1 /* one that says nothing is asked whether it is still there */
#define TCP_KEEPIDLE_DEFAULT 60000 /* ms */
#define TCP_KEEPINTVL_DEFAULT 10000
#define TCP_KEEPCNT_DEFAULT 6
#define SO_REUSE 1
#define TCP_QUEUE_OOSEQ 1
#define TCP_OOSEQ_MAX_PBUFS 4
#define LWIP_WND_SCALE 0
#define LWIP_HOOK_TCP_ISN netsrv_first_number
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1 /* frames are received into buffers of the card */

/* Checksums: of what a card has looked at, none (set for each frame). */
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define LWIP_CHECKSUM_ON_COPY 1
#define LWIP_INLINE_IP_CHKSUM 1
#define LWIP_CHKSUM netsrv_checksum /* checksum.cpp */

#define LWIP_STATS 1
#define LWIP_STATS_LARGE 1
#define LWIP_STATS_DISPLAY 0
#define MEMP_STATS 1
#define MEM_STATS 1
#define LINK_STATS 0
#define ETHARP_STATS 0
#define IP_STATS 0
#define ICMP_STATS 0
#define UDP_STATS 0
#define TCP_STATS 0
#define SYS_STATS 0

/* lwIP looks at its own state only where we do. */
#if !REL4_DEBUG
#define LWIP_NOASSERT
#endif

#ifdef __cplusplus
extern "C" {
#endif
extern unsigned char* netsrv_heap;
unsigned short netsrv_checksum(const void* data, int length);
#ifdef __cplusplus
}
#endif
