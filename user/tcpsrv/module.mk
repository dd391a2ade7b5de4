# SPDX-License-Identifier: BSD-2-Clause
#
# The TCP server.
# @stage{7}

tcpsrv_own := main.cpp server.cpp
tcpsrv_threads :=
# @cond NONE
ifeq (sel4,$(PROFILE))
tcpsrv_own := sync_main.cpp sync_server.cpp
tcpsrv_threads := user/lib/thread.cpp
endif
# @endcond
tcpsrv_sources := $(addprefix user/tcpsrv/,$(tcpsrv_own) conversations.cpp site.cpp http.cpp \
  page.S) $(tcpsrv_threads) user/net/error.cpp
$(eval $(call $(way)-program,tcpsrv,$(tcpsrv_sources)))
$(OUT)/user/tcpsrv/page.S.o: user/tcpsrv/page.html
# @cond NONE

# What is said on connections is the same in both profiles.
$(eval $(call suite,net-conversations,$(net_root),user/tcpsrv/tests/conversations.py \
  $(net_machine) --root $(OUT)/user/net-root.elf))
$(eval $(call suite-with-options,net-conversations,sel4,PROFILE=sel4))
# @endcond
