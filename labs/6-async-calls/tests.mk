# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 6. On this machine: the kernel's parts as kernel/tests/module.mk has them, with
# the stand-ins of kernel/tests/host/ for hardware. Each exercise is tested by itself: what it calls
# of the other ones a test can play (tests/host/script.hpp).
# Read next: tools/make/labs.mk.

lab6_sources := $(filter-out kernel/boot/%,$(kernel_host)) $(wildcard kernel/tests/host/*.cpp) \
  labs/lib/alone.cpp

$(HOST_OUT)/labs/6-async-calls/%.o: host_flags += -iquote kernel/tests/host

# What host/script.cpp can play.
lab6_take := _ZN12Registration4takeERN5async4CallE
lab6_reply := _ZN12Registration5replyERKN5async4CallE
lab6_open := _ZN12Registration10still_openEv
lab6_handler := _ZN5async12handle_callsEP12Registration
lab6_pages := _ZN5async5Pages5serveERK3TcbRKN2rt3RunEPN3abi4ItemE
lab6_invoke := \
  _ZN5calls21invoke_asynchronouslyER10InvocationmSt4spanIKmLm18446744073709551615EE
lab6_played := $(foreach name,take reply open handler pages invoke,-Wl,--wrap=$(lab6_$(name)))

# Each load of a registration's is a call that script.cpp hears of, however it is written.
lab6_loads := $(foreach size,1 2 4 8 16 N,-Wl,--wrap=__asan_load$(size))
$(HOST_OUT)/kernel/async/registration.cpp.o: host_flags += \
  -mllvm -asan-instrumentation-with-call-threshold=0 -mllvm -asan-opt-same-temp=0

$(eval $(call lab-host,6,$(lab6_sources),$(lab6_played) $(lab6_loads)))
$(eval $(call lab-kernel,6))
$(eval $(call lab-guest,6,user/tests/threads.cpp user/tests/threads.S))
