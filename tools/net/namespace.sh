#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Runs a command in a network of its own, without being root: it has a loopback and a tap device,
# tap0, up, with the address 10.0.2.2/24. The machine at its other end gets 10.0.2.15 by DHCP.
#
#   tools/net/namespace.sh COMMAND [ARGUMENT...]
#   tools/net/namespace.sh --check              can this machine do that? says why not
#
# The command sees itself as root, but has only its user's rights to files. Nothing of its network
# is seen outside, and with its last process that is gone. The DHCP server is a child of the
# command, and ends with it. Exit status: the command's; 125 if this machine cannot do it.
# Read next: dhcp.py, tools/emulator/network.py.
# @stage{7}
set -euo pipefail

readonly address=10.0.2.2/24

cannot() {
    echo "namespace: $1; remedy: $2" >&2
    exit 125
}

# In the new namespace: what is there, then the command.
inside() {
    local failure
    failure=$({
        ip link set lo up && ip tuntap add dev tap0 mode tap vnet_hdr &&
            ip address add "$address" dev tap0 && ip link set tap0 up
    } 2>&1) || cannot "no tap device can be made here (${failure//$'\n'/ })" "sudo modprobe tun"
    # No packets of the system's own.
    [[ ! -w /proc/sys/net/ipv6/conf/tap0/disable_ipv6 ]] ||
        echo 1 > /proc/sys/net/ipv6/conf/tap0/disable_ipv6
    "${0%/*}/dhcp.py" tap0 $$ < /dev/null > /dev/null & # $$ is what the command will be
    exec "$@"
}

if [[ ${1-} == --inside ]]; then
    shift
    inside "$@"
fi

[[ $# -gt 0 ]] || {
    echo "usage: ${0##*/} COMMAND [ARGUMENT...] | --check" >&2
    exit 125
}
[[ $1 != --check ]] || set -- true
PATH=$PATH:/usr/sbin:/sbin
command -v ip > /dev/null || cannot "there is no program ip" "make setup"
failure=$(unshare --user --map-root-user --net true 2>&1) ||
    cannot "this machine gives users no namespaces (${failure//$'\n'/ })" \
        "sudo sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000"
[[ -w /dev/net/tun ]] || cannot "/dev/net/tun is not there, or not for this user" \
    "sudo modprobe tun"
exec unshare --user --map-root-user --net -- "$0" --inside "$@"
