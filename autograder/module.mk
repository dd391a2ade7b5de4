# SPDX-License-Identifier: BSD-2-Clause
#
# rel4-grade, the host program of the course: the library plus main.cpp.
# @cond NONE
# Its tests are the library plus tests/.
# @endcond
# Read next: main.cpp.

# @cond NONE
$(eval $(call option,LAB,1 2 3 4 5 6 7,which stage (make derive)))
$(eval $(call option,KIND,starter solution,with holes or with the reference's bodies (make derive)))
OUT_DIR := $(BUILD)/derived/lab$(LAB)-$(KIND)
# @endcond

rel4_grade := $(HOST_OUT)/rel4-grade
grade_library := $(wildcard autograder/[!t]*/*.cpp)
$(eval $(call host-program,rel4-grade,autograder/main.cpp $(grade_library),-lfmt -larchive))
# @cond NONE

grade_tests := $(HOST_OUT)/autograder-tests
$(eval $(call host-program,autograder-tests,$(wildcard autograder/tests/*.cpp) \
  tools/test/doctest_tap.cpp $(grade_library),-lfmt -larchive))
$(eval $(call suite,autograder,$(grade_tests) $(rel4_grade),$(grade_tests)))

# Every stage that can exist so far, derived, built and booted.
$(eval $(call suite,stages,$(rel4_grade) emulator,autograder/tests/stages.sh $(rel4_grade) \
  $(BUILD) '$$(QEMU)' '$$(FIRMWARE)'))

.PHONY: derive
derive: $(rel4_grade) ## Write the tree of stage LAB to OUT_DIR (build/derived/...)
	$(Q)$< derive --lab $(LAB) --kind $(KIND) --out '$(OUT_DIR)'
# @endcond
