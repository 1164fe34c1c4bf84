#!/bin/sh
# Runs a command as a user who has all that a containerd without root needs, on a machine that does not know him: what
# is changed for it is changed in a mount namespace that ends with its last process.
#   unshare --mount sh rootless-user.sh FOLDER NODE COMMAND…
set -eu
dir=$1 node=$2
shift 2
cover() { # FILE: has one more line
  [ ! -e "$1" ] || cat "$1" >"$dir/etc/${1##*/}"
  echo "$2" >>"$dir/etc/${1##*/}"
  mount --bind "$dir/etc/${1##*/}" "$1"
}
mkdir -p "$dir/etc" "$dir/home" "$dir/run"
cover /etc/passwd "offshoot-test:x:4242:4242::$dir/home:/bin/sh"
cover /etc/subuid offshoot-test:2000000:65536
cover /etc/subgid offshoot-test:2000000:65536
[ -e "$dir/tun" ] || mknod --mode=666 "$dir/tun" c 10 200
mount --bind "$dir/tun" /dev/net/tun
mount --bind "$node" "$dir/node"
chown 4242:4242 "$dir/home" "$dir/run"
cd /
exec setpriv --reuid 4242 --regid 4242 --clear-groups env -i \
  PATH="$PATH" HOME="$dir/home" XDG_RUNTIME_DIR="$dir/run" "$@"
