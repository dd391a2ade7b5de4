# SPDX-License-Identifier: BSD-2-Clause
"""What can be turned on and off: the device tree tells the guest, wrong values are refused.

Every property of the UINTC's node is compared with the specification in the course's design of
the hardware: address, size, receivers, the interrupts of all harts, the Wake line to the PLIC.
Read next: device_tree.py.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from device_tree import DeviceTree
from guest import Setup
from jobs import Job
from tap import Result

from emulator.machine import Machine

HARTS = 4
WAKE_INTERRUPT = 95
COUNTED = ("-icount", "shift=0,sleep=off", "-accel")
SLICE_RANGE = "slice is N or A..B, instructions from 1"
NEEDS_ICOUNT = "slice and stop-after count instructions: they need -icount"
REFUSED = {
    "a slice of 0 instructions": ((*COUNTED, "tcg,slice=0"), SLICE_RANGE),
    "a negative slice": ((*COUNTED, "tcg,slice=-5"), SLICE_RANGE),
    "a slice that is no number": ((*COUNTED, "tcg,slice=1..x"), SLICE_RANGE),
    "a slice whose range is upside down": ((*COUNTED, "tcg,slice=9..3"), SLICE_RANGE),
    "a slice beyond 31 bits": ((*COUNTED, "tcg,slice=9999999999"), SLICE_RANGE),
    "a slice without icount": (("-accel", "tcg,slice=5"), NEEDS_ICOUNT),
    "stop-after without icount": (("-accel", "tcg,stop-after=5"), NEEDS_ICOUNT),
    "a slice with parallel harts": (("-accel", "tcg,thread=multi,slice=5"), NEEDS_ICOUNT),
    "a seed without a slice": ((*COUNTED, "tcg,seed=1"), "seed is for a slice that is drawn"),
    "a seed without a range": ((*COUNTED, "tcg,slice=5,seed=1"), "seed is for a slice that is"),
    "a seed that is no number": ((*COUNTED, "tcg,slice=1..5,seed=x"), "'seed' expects uint64"),
    "stop-after 0": ((*COUNTED, "tcg,stop-after=0"), "stop-after is a number of instructions"),
    "a stop-after that is no number": ((*COUNTED, "tcg,stop-after=x"), "expects int64"),
    "a property that is neither on nor off": (("-M", "virt,uintc=maybe"), "expects 'on' or 'off'"),
    "an N extension that is neither on nor off": (("-cpu", "rv64,n=maybe"), "'on' or 'off'"),
    "virtio on the FPGA board": (
        ("-M", "virt,fpga=on", "-device", "virtio-net-device"),
        "No 'virtio-bus' bus found",
    ),
}


def jobs(setup: Setup) -> Iterator[Job]:
    """Device trees, then refusals."""
    yield Job("features/device tree", lambda: device_trees(setup))
    for what, (arguments, message) in REFUSED.items():
        work = partial(refusal, setup, what, arguments, message)
        yield Job(f"features/{what}", work)


def device_trees(setup: Setup) -> list[Result]:
    """The trees of all machines."""
    base = Machine(qemu=setup.qemu, harts=HARTS)
    n_off = ("-cpu", "rv64,n=off")
    with tempfile.TemporaryDirectory() as folder:
        virt = dump(base, folder)
        fpga = dump(replace(base, board="fpga"), folder)
        without_wake = dump(replace(base, board_options="uintc-wake=off"), folder)
        without_uintc = dump(replace(base, board_options="uintc=off"), folder)
        without_uipi = dump(replace(base, extra=("-cpu", "rv64,uintc=off")), folder)
        without_n = dump(replace(base, extra=n_off), folder)
        without_n_fpga = dump(replace(base, extra=n_off, board="fpga"), folder)
        results = [
            *node_tests("virt", virt, "/soc/uintc@2f10000", 0x5000, 512),
            *node_tests("fpga", fpga, "/soc/uintc@3000000", 0x1000, 32),
            *fpga_tests(fpga),
            *wakeless_tests(without_wake),
            *absent_tests("virt, uintc=off", without_uintc),
            *absent_tests("cpu uintc=off", without_uipi),
            *absent_tests("cpu n=off", without_n),
            *absent_tests("fpga, cpu n=off", without_n_fpga),
            equal("virt: isa has n", "n" in extensions(virt), True),
            equal("virt, uintc=off: isa has n", "n" in extensions(without_uintc), True),
            equal("cpu n=off: isa has no n", "n" in extensions(without_n), False),
        ]
    return results


def dump(machine: Machine, folder: str) -> DeviceTree:
    """The tree of a machine that is not started."""
    file = tempfile.NamedTemporaryFile(dir=folder, suffix=".dtb", delete=False).name
    options = ",".join(filter(None, (machine.board_options, f"dumpdtb={file}")))
    subprocess.run(
        replace(machine, board_options=options).command(),
        stdin=subprocess.DEVNULL, capture_output=True, check=True,
    )  # fmt: skip
    return DeviceTree(file)


def equal(name: str, got: object, expected: object) -> Result:
    """A result that compares."""
    if got == expected:
        return Result(f"features/{name}")
    return Result(f"features/{name}", False, [f"expected {expected!r}", f"got      {got!r}"])


def node_tests(board: str, tree: DeviceTree, node: str, size: int, receivers: int) -> list[Result]:
    """Every property of the UINTC's node."""
    address = int(node.rpartition("@")[2], 16)
    controllers = [
        tree.cells(f"/cpus/cpu@{hart}/interrupt-controller", "phandle")[:1] for hart in range(HARTS)
    ]
    plic = tree.cells("/soc/plic@c000000", "phandle")
    lines = [cell for controller in controllers for cell in (*controller, 0)]
    return [
        equal(f"{board}: compatible", tree.text(node, "compatible"), "riscv,uintc0"),
        equal(f"{board}: reg", tree.cells(node, "reg"), [0, address, 0, size]),
        equal(f"{board}: interrupt 0 of all harts", tree.cells(node, "interrupts-extended"), lines),
        equal(f"{board}: interrupt-controller", tree.has(node, "interrupt-controller"), True),
        equal(f"{board}: receivers", tree.cells(node, "rel4,receivers"), [receivers]),
        equal(f"{board}: Wake at the PLIC", tree.cells(node, "rel4,wake-interrupt"),
              [*plic, WAKE_INTERRUPT]),
    ]  # fmt: skip


def fpga_tests(tree: DeviceTree) -> list[Result]:
    """What else the FPGA board has and has not."""
    names = [name.partition("@")[0] for name in tree.children("/soc")]
    return [
        equal("fpga: no virtio", "virtio_mmio" in names, False),
        equal("fpga: no PCIe", "pci" in names, False),
        equal("fpga: time base", tree.cells("/cpus", "timebase-frequency"), [1_000_000]),
    ]


def wakeless_tests(tree: DeviceTree) -> list[Result]:
    """The UINTC of the public bitstreams: no property of ours."""
    node = "/soc/uintc@2f10000"
    return [
        equal("virt, uintc-wake=off: no Wake", tree.has(node, "rel4,wake-interrupt"), False),
        equal("virt, uintc-wake=off: reg", tree.cells(node, "reg"), [0, 0x2F10000, 0, 0x4000]),
    ]


def absent_tests(what: str, tree: DeviceTree) -> list[Result]:
    """No UINTC at all."""
    nodes = [name for name in tree.children("/soc") if name.startswith("uintc")]
    return [
        equal(f"{what}: no UINTC", nodes, []),
        equal(f"{what}: a machine otherwise", "clint@2000000" in tree.children("/soc"), True),
    ]


def extensions(tree: DeviceTree) -> str:
    """The single letters of riscv,isa behind `rv64`."""
    return tree.text("/cpus/cpu@0", "riscv,isa").partition("_")[0].removeprefix("rv64")


def refusal(setup: Setup, what: str, arguments: tuple[str, ...], message: str) -> list[Result]:
    """QEMU ends at once with status 1 and a message that says what would be right."""
    name = f"features/{what} is refused"
    command = [setup.qemu, "-M", "virt", "-bios", "none", "-nodefaults", "-display", "none"]
    try:
        answer = subprocess.run(
            [*command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=setup.wall, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [Result(name, False, [f"QEMU started (wall limit): {' '.join(arguments)}"])]
    if answer.returncode == 1 and message in answer.stderr:
        return [Result(name)]
    return [Result(name, False, [f"status {answer.returncode}", *answer.stderr.splitlines()])]
