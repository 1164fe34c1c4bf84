#!/bin/sh
# Makes an engine's world (see world.sh) a host of Podman, then becomes the service that answers on SOCKET. Run again, as
# after a restart of the service, it finds the host made.
#   sh podman.sh FOLDER CGROUP SOCKET
set -eu
dir=$1 cgroup=$2 socket=$3

hierarchies() { # -> the folders where cgroups are mounted. The outer world's are listed as well, below hidden folders.
  while read -r _ folder type _; do
    case $type in cgroup | cgroup2) ! mountpoint --quiet "$folder" || echo "$folder" ;; esac
  done </proc/self/mounts | sort -u
}

fill_cpuset() { # FROM TO: an empty one takes no processes
  for file in cpuset.cpus cpuset.mems; do
    [ ! -e "$1/$file" ] || cat "$1/$file" >"$2/$file"
  done
}

# Podman cannot be told under which cgroup to put all that it starts: the host's cgroup takes the place of the root.
narrow() { # CGROUP-MOUNT
  [ ! -e "$1/$cgroup" ] || find "$1/$cgroup" -depth -type d -exec rmdir {} + # left when the machine was switched off
  mkdir "$1/$cgroup"
  fill_cpuset "$1" "$1/$cgroup"
  mount --bind "$1/$cgroup" "$1"
}

export CONTAINERS_CONF="$dir/containers.conf" CONTAINERS_STORAGE_CONF="$dir/storage.conf"
export CONTAINERS_REGISTRIES_CONF="$dir/registries.conf" TMPDIR="$dir/tmp"

made=/run/podman namespace=/run/podman.cgroup
if [ ! -e "$made" ]; then
  for folder in $(hierarchies); do
    narrow "$folder"
    echo $$ >"$folder/cgroup.procs"
  done
  # So that containers see the paths that they would see on a machine.
  : >"$namespace"
  unshare --cgroup="$namespace" true
  # Its locks, and a cache that is always here.
  mkdir -p /var/lib/containers "$TMPDIR"
  mount -t tmpfs tmpfs /dev/shm
  mount -t tmpfs tmpfs /var/lib/containers
  mkdir "$made"
  # Where Podman's clients look for it, and where containers that mount /var/run/docker.sock do.
  ln -s "$socket" /run/podman/podman.sock
  ln -s "$socket" /run/docker.sock
  booted=yes
fi
for folder in $(hierarchies); do
  # In a group of its own: with processes, a group of cgroup v2 could have no controllers for the groups in it.
  mkdir -p "$folder/host"
  fill_cpuset "$folder" "$folder/host"
  echo $$ >"$folder/host/cgroup.procs"
done
rm -f "$socket"

# shellcheck disable=SC2016
exec nsenter --cgroup="$namespace" sh -euc '
  booted=$1 socket=$2
  # As the service podman-restart does it when a machine boots.
  [ -z "$booted" ] || podman start --all --filter restart-policy=always
  exec podman --log-level info system service --time 0 "unix://$socket"
' sh "${booted:-}" "$socket"
