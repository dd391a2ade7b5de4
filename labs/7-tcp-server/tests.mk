# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 7. On this machine: the exercises' own files, and around them stand-ins of what
# is above and below (tests/played/): a device, lwIP, the clients of the net server, and the net
# server as a client sees it. On the emulated one: the TCP server with a judge, and the whole system
# with a network that is played. Read next: tools/make/labs.mk.

lab7_played := labs/7-tcp-server/tests/played
lab7_tcpsrv := $(addprefix user/tcpsrv/,server.cpp conversations.cpp site.cpp http.cpp) \
  user/net/error.cpp
lab7_runtime := $(runtime_host_sources)
lab7_netsrv := $(addprefix user/netsrv/,virtqueue.cpp sockets.cpp)

# Stand-ins are found first.
lab7_flags := -iquote $(lab7_played) -I$(lab7_played)
# @cond NONE
lab7_flags += -UREL4_SYNCHRONOUS_IPC -DREL4_SYNCHRONOUS_IPC=0
# @endcond
$(HOST_OUT)/labs/7-tcp-server/%.o: host_flags += $(lab7_flags)
$(HOST_OUT)/user/tcpsrv/%.cpp.o: host_flags += $(lab7_flags)
$(HOST_OUT)/user/netsrv/sockets.cpp.o: host_flags += $(lab7_flags)

$(eval $(call lab-host,7,$(lab7_tcpsrv) $(lab7_netsrv) $(lab7_runtime) \
  $(wildcard $(lab7_played)/*.cpp) labs/lib/alone.cpp))
# @cond NONE
ifneq (sel4,$(PROFILE))
# @endcond

# With a judge: the TCP server, a net server that plays all other ends, and the judge, a root task
# that starts both and is their broker.
$(eval $(call lab-kernel,7))
$(eval $(call async-program,lab7-net,$(wildcard labs/7-tcp-server/tests/net/*.cpp)))
lab7_judge := $(wildcard labs/7-tcp-server/tests/guest/*.cpp) $(user_runtime) \
  $(addprefix user/root/,broker.cpp broker_end.cpp broker_links.cpp) \
  $(filter-out user/lib/test_main.cpp $(user_process_lib),$(user_test_lib))
$(eval $(call root-with-programs,lab7,labs/7-tcp-server/tests/guest/archive.S,lab7-net tcpsrv,\
  LAB7_ARCHIVE,$(lab7_judge)))
lab7_guest += $(OUT)/user/lab7.elf

# The whole system, for the tests in which the network is played (tests/peer/): not on boards.
$(OUT)/user/lab7-peer.elf: $(OUT)/user/net-root.elf
	$(Q)cp $< $@
ifeq (qemu,$(PLATFORM))
lab7_guest += $(OUT)/user/lab7-peer.elf
endif
# @cond NONE
endif
# @endcond
