# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 6. On this machine: the kernel's parts as kernel/tests/module.mk has them, with
# the stand-ins of kernel/tests/host/ for hardware. Each exercise is tested by itself: what it calls
# of the other ones a test can play (tests/host/script.hpp). Whatever knows the rings is compiled
# with the stand-in of runtime/shared_word.hpp, so that some tests can try every execution
# (runtime/tests/explore/explore.hpp): files of the kernel below $(HOST_OUT)/explored-kernel.
# Read next: tools/make/labs.mk.

lab6_explored := $(wildcard kernel/async/*.cpp) kernel/cap/finalise.cpp kernel/syscall/invoke.cpp \
  kernel/object/tcb_invoke.cpp kernel/object/thread_state.cpp
lab6_objects := $(lab6_explored:%=$(HOST_OUT)/explored-kernel/%.o)
lab6_sources := $(filter-out kernel/boot/% $(lab6_explored),$(kernel_host)) \
  $(wildcard kernel/tests/host/*.cpp runtime/tests/explore/*.cpp) labs/lib/alone.cpp
lab6_flags := -iquote runtime/tests/explore/stand_in -iquote kernel/tests/host

$(HOST_OUT)/labs/6-async-calls/%.o: host_flags += $(lab6_flags)

$(HOST_OUT)/explored-kernel/%.cpp.o: %.cpp $(HOST_OUT)/flags labs/6-async-calls/tests.mk
	@mkdir -p $(@D)
	$(call step,CXX,$< (host, explored))
	$(Q)$(COMPILE_CACHE) $(HOST_CXX) $(host_flags) $(lab6_flags) $(lab_sanitize) \
	    $(compile_flags) -c $< -o $@
-include $(lab6_objects:.o=.d)

# What host/script.cpp can play.
lab6_take := _ZN12Registration4takeERN5async4CallE
lab6_reply := _ZN12Registration5replyERKN5async4CallE
lab6_open := _ZN12Registration10still_openEv
lab6_handler := _ZN5async12handle_callsEP12Registration
lab6_pages := _ZN5async5Pages5serveERK3TcbRKN2rt3RunEPN3abi4ItemE
lab6_invoke := \
  _ZN5calls21invoke_asynchronouslyER10InvocationmSt4spanIKmLm18446744073709551615EE
lab6_page := _ZN6vspace10flush_pageEN2vm5SpaceE6StrongI8VAddrTagE
lab6_space := _ZN6vspace11flush_spaceEN2vm5SpaceE
lab6_played := $(foreach name,take reply open handler pages invoke page space,\
  -Wl,--wrap=$(lab6_$(name)))

# Each load of a registration's is a call that script.cpp hears of, however it is written.
lab6_loads := $(foreach size,1 2 4 8 16 N,-Wl,--wrap=__asan_load$(size)) \
  -Wl,--wrap=_ZN7explore7operateERKNS_9OperationE
$(HOST_OUT)/explored-kernel/kernel/async/registration.cpp.o: host_flags += \
  -mllvm -asan-instrumentation-with-call-threshold=0 -mllvm -asan-opt-same-temp=0

$(eval $(call lab-host,6,$(lab6_sources),$(lab6_played) $(lab6_loads) $(lab6_objects)))
$(HOST_OUT)/lab6-host: $(lab6_objects)
$(eval $(call lab-kernel,6))
$(eval $(call lab-guest,6,user/tests/threads.cpp user/tests/threads.S))
