#!/bin/sh
# Makes an engine's world (see ../engines/world.sh) the host of a containerd, then becomes that containerd. What it mounts
# is seen by the world's PID 1 too, so `nsenter -t 1 …` in a container that has the host's process ids meets this host.
# Run again, as after a restart, it finds the mounts made.
#   sh host.sh FOLDER CGROUP COMMAND…
set -eu
dir=$1 cgroup=$2
shift 2

hierarchies() { # -> the folders where cgroups are mounted. The outer world's are listed as well, below hidden folders.
  while read -r _ folder type _; do
    case $type in cgroup | cgroup2) ! mountpoint --quiet "$folder" || echo "$folder" ;; esac
  done </proc/self/mounts | sort -u
}

own() { # FOLDER: its files stay, what is written to it is the host's alone
  mkdir -p "$dir/var/changes$1" "$dir/var/work$1"
  mount -t overlay -o "lowerdir=$1,upperdir=$dir/var/changes$1,workdir=$dir/var/work$1" overlay "$1"
}

empty() { # FOLDER: has nothing of this machine's; what the host puts there is kept when it is booted again
  mkdir -p "$dir/var/empty$1" "$1"
  mount --bind "$dir/var/empty$1" "$1"
}

narrow() { # CGROUP-MOUNT: the host's cgroup takes the place of the hierarchy's root
  # Booted again: what is left takes no processes when it has passed controllers on.
  [ ! -e "$1/$cgroup" ] || find "$1/$cgroup" -depth -type d -exec rmdir {} +
  mkdir -p "$1/$cgroup"
  # Without these a cpuset takes no processes.
  for file in cpuset.cpus cpuset.mems; do
    [ ! -e "$1/$file" ] || cat "$1/$file" >"$1/$cgroup/$file"
  done
  mount --bind "$1/$cgroup" "$1"
}

# A cgroup namespace, so that containers see the paths that they would see on a machine of their own.
namespace=/run/containerd-host.cgroup
if [ ! -e "$namespace" ]; then
  own /etc
  own /var/lib
  empty /var/lib/containerd # not on the overlay: the snapshots are overlays themselves
  empty /var/lib/nerdctl
  empty /var/lib/cni
  empty /etc/cni/net.d
  mkdir -p /etc/nerdctl
  mount --bind "$dir/nerdctl" /etc/nerdctl
  # Where everybody looks first: also the shim that looks for runc, and a container that enters the host with its PATH.
  mount -t overlay -o "lowerdir=$dir/bin:/usr/local/bin" overlay /usr/local/bin
  mount --bind "$(readlink -f "$dir/nerdctl.program")" /usr/local/bin/nerdctl
  for folder in $(hierarchies); do
    narrow "$folder"
    echo $$ >"$folder/cgroup.procs"
  done
  : >"$namespace"
  unshare --cgroup="$namespace" true
fi

for folder in $(hierarchies); do
  # With processes of its own, a group of cgroup v2 could have no controllers for the groups in it.
  [ ! -e "$folder/cgroup.controllers" ] || folder=$folder/host
  mkdir -p "$folder"
  echo $$ >"$folder/cgroup.procs"
done
exec nsenter --cgroup="$namespace" "$@"
