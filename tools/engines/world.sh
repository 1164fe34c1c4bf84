#!/bin/bash
# PID 1 of an engine's world, a machine of its own as far as an engine can tell: own mounts, network, process ids, /run.
# It runs the commands it reads, and ends when its input does. Its input is a pipe from the process that wanted the
# engine: however that one dies, the world's PID 1 ends, and the kernel then ends all others and drops all mounts.
# bash, because unlike dash it reaps orphans while it reads, as a PID 1 has to.
#   unshare --mount --net --pid --uts --ipc --fork bash world.sh FOLDER CGROUP [DISK-SIZE]
set -eu
dir=$1 cgroup=$2 size=${3:-}
read -r outer_pid _ </proc/self/stat # this /proc is still the outer one

# Mounts made outside later on are seen here, none from here get out.
mount --make-rslave /
mount -t proc proc /proc
# No other engine's sockets, locks and state; and no trace of systemd, so that every engine uses the cgroupfs driver.
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock
# A new sysfs too: this one's class/net shows the outer network, and dockerd 28 looks for its bridges there.
mkdir /run/cgroup
mount --rbind /sys/fs/cgroup /run/cgroup
mount -t sysfs sysfs /sys
if [ "$cgroup" = 2 ]; then
  umount -R /run/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
else
  mount --move /run/cgroup /sys/fs/cgroup
fi
rmdir /run/cgroup
# `/` is shared on every machine with systemd; containers may ask for propagation.
mount --make-rshared /
ip link set lo up

can_overlay() { # FOLDER: not so when it is on an overlay itself, as in a container
  mkdir -p "$1/probe/lower" "$1/probe/upper" "$1/probe/work" "$1/probe/merged"
  mount -t overlay -o "lowerdir=$1/probe/lower,upperdir=$1/probe/upper,workdir=$1/probe/work" overlay \
    "$1/probe/merged" 2>/dev/null && umount "$1/probe/merged"
}
mkdir -p "$dir/var"
if [ -n "$size" ] || ! can_overlay "$dir/var"; then
  mount -t tmpfs -o "${size:+size=$size}" tmpfs "$dir/var"
fi
rm -rf "$dir/var/probe"

echo "world $outer_pid"
while IFS= read -r line; do
  eval "$line"
done
