# SPDX-License-Identifier: BSD-2-Clause
#
# The net server and lwIP, which is Debian's source package: fetched once into the cache folder, and
# compiled like our own sources, with our options (port/).
# @stage{7}

lwip_tree := $(BUILD)/lwip
$(lwip_tree): tools/setup/debian-source.sh user/netsrv/lwip.patch
	@rm -rf $@ $@.new
	@cp -r "$$(tools/setup/debian-source.sh lwip 2.1.3)" $@.new
	@find $@.new -name '*.[ch]' -exec sed -i 's/\r$$//' {} +
	@patch --quiet --directory=$@.new --strip=1 < user/netsrv/lwip.patch
	@mv $@.new $@
	@touch $@

lwip_sources := netif/ethernet $(addprefix core/,def inet_chksum init ip mem memp netif pbuf stats \
  sys tcp tcp_in tcp_out timeouts udp ipv4/dhcp ipv4/etharp ipv4/icmp ipv4/ip4 ipv4/ip4_addr)
lwip_objects = $(lwip_sources:%=$(OUT)/lwip/%.o)
lwip_includes := -Iuser/netsrv/port -isystem $(lwip_tree)/src/include

# The compiler for C is the one for C++, and so are the headers, but for C++'s own.
only_for_c++ := -fno-rtti -fno-threadsafe-statics -fno-exceptions
c_includes = $(if $(std_includes),\
  -isystem tools/make/include -idirafter $(lastword $(std_includes)))
c_flags = $(target_$(toolchain)) $(filter-out $(only_for_c++),$(freestanding)) $(optimise) \
  $(c_includes) -std=gnu17 -g -ffile-prefix-map="$$PWD"=.
$(OUT)/lwip/%.o: $(lwip_tree) $(OUT)/flags $(wildcard user/netsrv/port/*.h user/netsrv/port/*/*.h)
	@mkdir -p $(@D)
	$(call step,CC,lwip/$*.c)
	$(Q)$(CXX) -x c $(c_flags) -flto -DREL4_DEBUG=$(DEBUG) $(lwip_includes) \
	    -c $(lwip_tree)/src/$*.c -o $@

netsrv_own := main.cpp client_end.cpp
# @cond NONE
ifeq (sel4,$(PROFILE))
netsrv_own := sync_main.cpp sync_client.cpp alarm.cpp
endif
# @endcond
netsrv_with_lwip := $(addprefix user/netsrv/,$(netsrv_own) start.cpp address.cpp handles.cpp \
  sockets.cpp interface.cpp frame_heads.cpp checksum.cpp find_pcb.cpp half_open.cpp)
netsrv_sources := $(netsrv_with_lwip) $(addprefix user/netsrv/,net_device.cpp mmio.cpp \
  registers.cpp virtqueue.cpp)
$(netsrv_with_lwip:%=$(OUT)/%.o): compile_flags += $(lwip_includes)
$(netsrv_with_lwip:%=$(OUT)/%.o): | $(lwip_tree)
$(OUT)/user/netsrv.elf: $(lwip_objects)
$(OUT)/user/netsrv.elf: guest_link_flags += -flto -O2 $(lwip_objects)
$(OUT)/user/netsrv/%.cpp.o: guest_flags += -flto
$(eval $(call $(way)-program,netsrv,$(netsrv_sources)))
$(eval $(call root-with-programs,net-root,user/netsrv/archive.S,netsrv tcpsrv,\
  NET_ARCHIVE,$(way_root)))

# What is given by devices and by the network, tested on this machine.
net_host := $(addprefix user/netsrv/,virtqueue.cpp checksum.cpp address.cpp) user/tcpsrv/http.cpp \
  $(wildcard user/netsrv/tests/*.cpp user/tcpsrv/tests/*.cpp)
$(HOST_OUT)/user/netsrv/checksum.cpp.o: host_flags += $(lwip_includes)
$(HOST_OUT)/user/netsrv/checksum.cpp.o: | $(lwip_tree)
$(eval $(call host-program,net-host,$(net_host) tools/test/doctest_tap.cpp,\
  $(user_host_sanitize)))
$(eval $(call suite,net-host,$(HOST_OUT)/net-host,$(HOST_OUT)/net-host))
# @cond NONE

# The driver with lwIP above it, on a card that is played by the test and lies.
$(HOST_OUT)/lwip/%.o: $(lwip_tree) $(HOST_OUT)/flags $(wildcard user/netsrv/port/*.h \
  user/netsrv/port/*/*.h)
	@mkdir -p $(@D)
	$(call step,CC,lwip/$*.c (host))
	$(Q)$(HOST_CXX) -x c -std=gnu17 -O1 -g $(host_configuration) $(user_host_sanitize) \
	    $(lwip_includes) -c $(lwip_tree)/src/$*.c -o $@
net_card := $(addprefix user/netsrv/,virtqueue.cpp net_device.cpp mmio.cpp interface.cpp \
  frame_heads.cpp checksum.cpp find_pcb.cpp half_open.cpp) \
  $(wildcard user/netsrv/tests/device/*.cpp)
net_card_lwip := $(lwip_sources:%=$(HOST_OUT)/lwip/%.o)
$(net_card:%=$(HOST_OUT)/%.o): host_flags += $(lwip_includes)
$(net_card:%=$(HOST_OUT)/%.o): | $(lwip_tree)
$(HOST_OUT)/net-card: $(net_card_lwip)
$(eval $(call host-program,net-card,$(net_card) tools/test/doctest_tap.cpp,$(net_card_lwip) \
  $(user_host_sanitize)))
$(eval $(call suite,net-card,$(HOST_OUT)/net-card,$(HOST_OUT)/net-card))

# Bad input on the wire: a suite of one seed, and `make net-fuzz SEED=n RUNS=n`. With DEBUG=1 lwIP
# looks at its own state.
RUNS := 20
net_machine = --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --harts $(CPUS) --kernel $(OUT)/kernel.elf
net_root := $(OUT)/kernel.elf $(OUT)/user/net-root.elf emulator
net_fuzz = user/netsrv/tests/fuzz/fuzz.py $(net_machine) --root $(OUT)/user/net-root.elf
$(eval $(call suite,net-fuzz,$(net_root),$(net_fuzz)))
$(eval $(call suite-with-options,net-fuzz,debug,DEBUG=1))
$(eval $(call suite-with-options,net-fuzz,sel4,PROFILE=sel4))
.PHONY: net-fuzz
net-fuzz: $(net_root) ## Bad frames to the final system, for RUNS=n seeds, from SEED=n on
	@$(net_fuzz) --seed $(SEED) --count $(RUNS)

# Remote clients that take all connections.
$(eval $(call suite,net-full,$(net_root),user/netsrv/tests/full.py $(net_machine) \
  --root $(OUT)/user/net-root.elf))
$(eval $(call suite-with-options,net-full,sel4,PROFILE=sel4))

# Local clients that leave without a word.
ifeq (sel4,$(PROFILE))
net_leavers := user/netsrv/tests/leavers
$(eval $(call sync-program,net-leaver,$(net_leavers)/leaver.cpp user/lib/thread.cpp \
  user/net/error.cpp))
$(eval $(call root-with-programs,net-leavers,$(net_leavers)/archive.S,netsrv net-leaver,\
  NET_LEAVERS_ARCHIVE,$(net_leavers)/root.cpp $(user_sync_root)))
$(eval $(call suite,net-leavers,$(OUT)/kernel.elf $(OUT)/user/net-leavers.elf emulator,\
  $(net_leavers)/leavers.py $(net_machine) --root $(OUT)/user/net-leavers.elf))
endif
$(eval $(call suite-with-options,net-leavers,sel4,PROFILE=sel4))

# A crowd of clients, some of them hostile, with the other end of the cable played by a script.
ifneq (sel4,$(PROFILE))
net_crowd := user/netsrv/tests/crowd
$(eval $(call async-program,net-auditor,$(net_crowd)/auditor.cpp user/net/error.cpp))
$(eval $(call async-program,net-guest,$(net_crowd)/guest.cpp $(net_crowd)/hostile.cpp \
  user/net/error.cpp))
$(eval $(call root-with-programs,net-crowd,$(net_crowd)/archive.S,netsrv net-auditor net-guest,\
  NET_CROWD_ARCHIVE,$(net_crowd)/crowd.cpp $(user_broker)))
net_crowd_needs := $(OUT)/kernel.elf $(OUT)/user/net-crowd.elf emulator
$(eval $(call suite,net-crowd,$(net_crowd_needs),$(net_crowd)/crowd.py $(net_machine) \
  --root $(OUT)/user/net-crowd.elf))
$(eval $(call suite,net-flood,$(net_root),user/netsrv/tests/flood.py $(net_machine) \
  --root $(OUT)/user/net-root.elf))
$(eval $(call suite,net-link,$(net_root),user/netsrv/tests/link.py $(net_machine) \
  --root $(OUT)/user/net-root.elf))
endif
# @endcond
