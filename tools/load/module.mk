# SPDX-License-Identifier: BSD-2-Clause
#
# rel4-load, the load generator, and its tests. The program is the library plus main.cpp, the tests
# are the library plus tests/.
# Read next: main.cpp.
# @stage{none}

load_library := $(filter-out tools/load/main.cpp,$(wildcard tools/load/*.cpp))
$(HOST_OUT)/tools/load/%.o: host_flags += -O2

$(eval $(call host-program,rel4-load,tools/load/main.cpp $(load_library),-lfmt))

$(eval $(call host-program,load-tests,$(wildcard tools/load/tests/*.cpp) \
  tools/test/doctest_tap.cpp $(load_library),-lfmt))
$(eval $(call suite,load,$(HOST_OUT)/load-tests $(HOST_OUT)/rel4-load,$(HOST_OUT)/load-tests))
