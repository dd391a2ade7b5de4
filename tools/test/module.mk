# SPDX-License-Identifier: BSD-2-Clause
#
# Python unit tests of the tools and of the machine tests' runner, and of the make fragments, which
# take longer and so are a suite of their own.

tool_tests := $(filter-out tools/make/tests,$(wildcard tools/*/tests)) platform/tests
$(eval $(call suite,host,$(HOST_OUT)/own_code.so,tools/test/python_tests.py $(tool_tests)))
$(eval $(call suite,make,,tools/test/python_tests.py tools/make/tests))

# The machine tests once more, with the other compiler's programs.
$(eval $(call suite-of-other-toolchain,machine))
