# SPDX-License-Identifier: BSD-2-Clause
#
# The net server and lwIP, which is Debian's source package: fetched once into the cache folder, and
# compiled like our own sources, with our options (port/).
# @stage{7}

lwip := $(BUILD)/lwip
$(lwip)/source: tools/setup/debian-source.sh
	@tools/setup/debian-source.sh lwip 2.1.3 $(lwip)
	@touch -c $@
lwip_tree := $(lwip)/tree
$(lwip_tree): $(lwip)/source user/netsrv/lwip.patch
	@rm -rf $@ $@.new
	@cp -r $< $@.new
	@find $@.new -name '*.[ch]' -exec sed -i 's/\r$$//' {} +
	@patch --quiet --directory=$@.new --strip=1 < user/netsrv/lwip.patch
	@mv $@.new $@
	@touch $@

lwip_sources := core/def core/inet_chksum core/init core/ip core/mem core/memp core/netif core/pbuf \
  core/stats core/sys core/tcp core/tcp_in core/tcp_out core/timeouts core/udp core/ipv4/dhcp \
  core/ipv4/etharp core/ipv4/icmp core/ipv4/ip4 core/ipv4/ip4_addr netif/ethernet
lwip_objects = $(lwip_sources:%=$(OUT)/lwip/%.o)
lwip_includes := -Iuser/netsrv/port -isystem $(lwip_tree)/src/include

# The compiler for C is the one for C++, and so are the headers, but for C++'s own.
only_for_c++ := -fno-rtti -fno-threadsafe-statics -fno-exceptions
c_includes = $(if $(std_includes),-isystem tools/make/include -idirafter $(lastword $(std_includes)))
$(OUT)/lwip/%.o: $(lwip_tree) $(OUT)/flags $(wildcard user/netsrv/port/*.h user/netsrv/port/*/*.h)
	@mkdir -p $(@D)
	$(call step,CC,lwip/$*.c)
	$(Q)$(CXX) -x c -std=gnu17 $(target_$(toolchain)) $(filter-out $(only_for_c++),$(freestanding)) $(optimise) -g \
	    -DREL4_DEBUG=$(DEBUG) -flto $(c_includes) $(lwip_includes) -ffile-prefix-map="$$PWD"=. -c $(lwip_tree)/src/$*.c -o $@

netsrv_sources := $(addprefix user/netsrv/,main.cpp client_end.cpp sockets.cpp interface.cpp \
  checksum.cpp find_pcb.cpp net_device.cpp mmio.cpp virtqueue.cpp)
$(addprefix $(OUT)/user/netsrv/,$(addsuffix .o,main.cpp client_end.cpp sockets.cpp interface.cpp \
  find_pcb.cpp checksum.cpp)): compile_flags += $(lwip_includes)
$(addprefix $(OUT)/user/netsrv/,$(addsuffix .o,main.cpp client_end.cpp sockets.cpp interface.cpp \
  find_pcb.cpp checksum.cpp)): | $(lwip_tree)
$(OUT)/user/netsrv.elf: $(lwip_objects)
$(OUT)/user/netsrv.elf: guest_link_flags += -flto -O2 $(lwip_objects)
$(OUT)/user/netsrv/%.cpp.o: guest_flags += -flto
$(eval $(call async-program,netsrv,$(netsrv_sources)))
tcpsrv_sources := $(addprefix user/tcpsrv/,main.cpp server.cpp site.cpp http.cpp page.S)
$(eval $(call async-program,tcpsrv,$(tcpsrv_sources) user/net/error.cpp))
$(OUT)/user/tcpsrv/page.S.o: user/tcpsrv/page.html
$(eval $(call root-with-programs,net-root,user/netsrv/archive.S,netsrv tcpsrv,NET_ARCHIVE))

# What is given by devices and by the network, tested on this machine.
net_host := user/netsrv/virtqueue.cpp user/netsrv/checksum.cpp user/tcpsrv/http.cpp \
  $(wildcard user/netsrv/tests/*.cpp user/tcpsrv/tests/*.cpp)
$(HOST_OUT)/user/netsrv/checksum.cpp.o: host_flags += $(lwip_includes)
$(HOST_OUT)/user/netsrv/checksum.cpp.o: | $(lwip_tree)
$(eval $(call host-program,net-host,$(net_host) tools/test/doctest_tap.cpp,\
  $(user_host_sanitize)))
$(eval $(call suite,net-host,$(HOST_OUT)/net-host,$(HOST_OUT)/net-host))
