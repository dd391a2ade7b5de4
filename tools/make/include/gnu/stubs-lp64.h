/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Empty: glibc includes a file of this name for the lp64 ABI, and Debian has none. Only the C++
 * library's headers get here; nothing of glibc is ever linked. See tools/make/detect.sh. */
