# SPDX-License-Identifier: BSD-2-Clause
#
# rel4-grade, the host program of the course: the library plus main.cpp.
# @cond NONE
# Its tests are the library plus tests/.
# @endcond
# Read next: main.cpp.

$(eval $(call option,LAB,1 2 3 4 5 6 7,which lab))
# @cond NONE
$(eval $(call option,KIND,starter solution,with holes or with the reference's bodies (make derive)))
OUT_DIR := $(BUILD)/derived/lab$(LAB)-$(KIND)
# @endcond

rel4_grade := $(HOST_OUT)/rel4-grade
grade_library := $(wildcard autograder/[!t]*/*.cpp)
grade_link := -lfmt -larchive
# @cond NONE
grade_link += -lfdt
# @endcond
$(eval $(call host-program,rel4-grade,autograder/main.cpp $(grade_library),$(grade_link)))

# What was said on the command line: $(call said,NAME,option) is --option 'value', or nothing.
said = $(if $(filter command,$(origin $1)),$(if $($1),--$2 '$(subst ','\'',$($1))'))
# @cond NONE
# The lab that was said there, or nothing: for goals that without it are of all labs.
said_lab = $(if $(filter command,$(origin LAB)),$(LAB))
# @endcond

# next-lab has more: CATCH_UP=file EXERCISES="1.3 1.7", and OLD_STARTER and NEXT_DIR for folders
# without git.
.PHONY: grade next-lab submit
grade: $(rel4_grade) emulator ## Grade your exercises (TEST=id, SEED=n, V=1, DEBUG=1, FULL=1)
	$(Q)$< grade $(call said,LAB,lab) $(call said,TEST,test) $(call said,SEED,seed) \
	    $(if $(filter 1,$(V)),--verbose) $(if $(filter 1,$(FULL)),--full) \
	    $(if $(filter 1,$(DEBUG)),--debug) --build '$(BUILD)' \
	    --emulator '$(BUILD)/emulator' || [[ $$? == 1 ]] # less than all points is no error here

# @cond NONE
# Goals of students' trees. Here there is no exercise to be looked at, and `make qemu` runs the
# final system.
ifeq (student,$(whose))
# @endcond
# One test, with the inputs that it is graded with. Without TEST: what `make run` boots.
debug = $(rel4_grade) debug $(call said,TEST,test) $(call said,SEED,seed) $(call said,LAB,lab) \
  $(if $(filter 1,$(DEBUG)),--debug) \
  --build '$(BUILD)' --emulator '$(BUILD)/emulator'
.PHONY: qemu qemu-gdb gdb
qemu: $(rel4_grade) emulator ## Run one test of the lab, and see all it says (TEST=id, SEED=n)
	$(Q)$(if $(call said,TEST,test),$(debug),$(MAKE) run)

qemu-gdb: $(rel4_grade) emulator ## The same, waiting for `make gdb` in another terminal
	$(Q)$(if $(call said,TEST,test),$(debug) --wait,$(MAKE) run GDB=1)

gdb: ## The debugger, for what `make qemu-gdb` has started
	@[[ -f '$(BUILD)/gdb.commands' ]] || { \
	    echo "make gdb: first give make qemu-gdb TEST=id in another terminal"; exit 1; }
	@gdb-multiarch -quiet -command='$(BUILD)/gdb.commands'
# @cond NONE
endif
# @endcond

next-lab: $(rel4_grade) ## Carry your work into the next lab (FROM=where, UPDATE=1: same lab)
	$(Q)$< next-lab $(call said,FROM,from) $(call said,OLD_STARTER,base) \
	    $(call said,CATCH_UP,catch-up) $(call said,EXERCISES,exercises) \
	    $(call said,NEXT_DIR,out) $(if $(UPDATE),--update)

submit: $(rel4_grade) ## Check your work and pack it: submission.tar.gz (ANYWAY=1)
	$(Q)$< submit $(call said,LAB,lab) $(if $(ANYWAY),--anyway)
# @cond NONE

grade_tests := $(HOST_OUT)/autograder-tests
$(eval $(call host-program,autograder-tests,$(wildcard autograder/tests/*.cpp) \
  tools/test/doctest_tap.cpp $(grade_library),$(grade_link)))
$(eval $(call suite,autograder,$(grade_tests) $(rel4_grade),$(grade_tests)))

# Every stage that can exist so far, derived, built and booted.
$(eval $(call suite,stages,$(rel4_grade) emulator,autograder/tests/stages.sh $(rel4_grade) \
  $(BUILD) '$$(QEMU)' '$$(FIRMWARE)'))

# The tests of labs, run on their solutions by the grader itself, and a share of the prefixes,
# mutants and attacks: another one whenever the labs change. make check-course tries them all, and
# mutants made by machine, of which only all together tell something.
shares := 20
share = $(shell echo $$((0x0$$(git rev-parse HEAD:labs 2> /dev/null | head -c 6) % $(shares))))
$(eval $(call suite,labs,$(rel4_grade) emulator,$(rel4_grade) check --proof solution \
  --proof prefixes --proof mutants --proof attacks --parts $(shares) --part $$(share) \
  --work $(BUILD)/check --emulator $(BUILD)/emulator))

# The commands that a handout shows, of another lab whenever the labs change (make test-handouts
# LAB=n: of that one), in a student's tree.
handout = $(or $(said_lab),$(shell echo $$(($(share) % 7 + 1))))
$(eval $(call suite,handouts,$(rel4_grade) emulator,autograder/tests/handouts.py $(rel4_grade) \
  $(BUILD)/handouts $$(handout)))

# A class with submissions that are bad in every way.
$(eval $(call suite,class,$(rel4_grade) emulator,autograder/tests/class_run.py $(rel4_grade) \
  $(BUILD)/emulator $(BUILD)/class))

# The integration part: students whose lab 1 is right, wrong, or not done.
$(eval $(call suite,own-system,$(rel4_grade) emulator,autograder/tests/own_system.py \
  $(rel4_grade) $(BUILD)/emulator $(BUILD)/own-system))

# The same tests on boards, which the emulator plays.
$(eval $(call suite,serial,$(rel4_grade) $(OUT)/loader.elf emulator,\
  autograder/tests/serial_target.py $(rel4_grade) $(BUILD)/emulator $(OUT)/loader.elf \
  $(BUILD)/serial))

# Kernels that stop or hang on the machine: what their students read.
$(eval $(call suite,diagnosis,$(rel4_grade) emulator,autograder/tests/diagnosis.py $(rel4_grade) \
  $(BUILD)/emulator $(BUILD)/diagnosis))
# The scripts and files for other systems, with one submission.
$(eval $(call suite,integrations,$(rel4_grade) emulator,autograder/tests/integrations.py \
  $(rel4_grade) $(BUILD)/integrations))

.PHONY: check-course
check-course: $(rel4_grade) emulator ## Prove the course (CHECK="--lab 3 --proof mutants")
	$(Q)$< check --work $(BUILD)/check --emulator $(BUILD)/emulator $(CHECK)
	$(Q)$(if $(CHECK),,$(MAKE) --no-print-directory check-carry-over)
	$(Q)$(if $(CHECK),,$< calibrate --check --work $(BUILD)/check --emulator $(BUILD)/emulator)

.PHONY: check-carry-over
check-carry-over: $(rel4_grade) emulator ## A student who goes from lab 1 to 7, then all are graded
	$(Q)autograder/tests/carried.py $< $(BUILD)/emulator $(BUILD)/carried

.PHONY: check-serial
check-serial: $(rel4_grade) $(OUT)/loader.elf emulator ## All labs on played boards, or LAB=n
	$(Q)autograder/tests/serial_labs.py $< $(BUILD)/emulator $(OUT)/loader.elf \
	    $(BUILD)/serial-labs $(said_lab)

STUDENTS := 100
RUNS := 3
.PHONY: check-class
check-class: $(rel4_grade) emulator ## Grade a class of LAB again and again (STUDENTS=n RUNS=n)
	$(Q)autograder/tests/large_class.py $< $(BUILD)/emulator $(BUILD)/large-class $(LAB) \
	    $(STUDENTS) $(RUNS)

.PHONY: bench-grade
bench-grade: $(rel4_grade) emulator ## How long `make grade` takes, for each lab or LAB=n
	$(Q)autograder/tests/grade_times.py $< $(BUILD)/emulator $(BUILD)/grade-times $(said_lab)

.PHONY: branches derive
branches: $(rel4_grade) ## Write or update OUT/{starter,solutions}.git (MESSAGE=text)
	$(Q)$(if $(filter command,$(origin OUT)),,$(error say where to: make branches OUT=folder))\
	    $< branches $(call said,OUT,out) $(call said,MESSAGE,message)

derive: $(rel4_grade) ## Write the tree of stage LAB to OUT_DIR (build/derived/...)
	$(Q)$< derive --lab $(LAB) --kind $(KIND) --out '$(OUT_DIR)'
# @endcond
