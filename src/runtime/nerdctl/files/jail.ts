import type { Client } from '../command/client.ts';

/**
 * Programs of nerdctl's host that look into the file system of a container. What is in there may be hostile: a link in
 * the middle of a path could lead them to the host's own files. So they run where there is nothing else: the programs
 * themselves, which cannot be written to, and the container's root as an open folder. All mounts are theirs alone, and
 * go with them.
 *
 * As number 4 they tell of the file (with a zero byte at the end), as number 5 they have the container's root. Their exit statuses are `ends`.
 * Arguments: OPERATION PATH, PID ID (of a container that runs; 0), FOLDER (where containerd may have mounted its root),
 * COUNT and so many TYPE SOURCE OPTIONS (by which that can be mounted), then SOURCE TARGET ro|rw for each bind.
 */
export const ends = { wrongKind: 43, missing: 44, unseen: 45, noMounts: 46, noTar: 47 } as const;

/** `resolve PATH LAST`: the path within $base, without any link in it; the last is followed where LAST is not empty. */
const resolve = `
resolve() {
  rest=$1 found= hops=0
  while [ -n "$rest" ]; do
    part=\${rest%%/*}
    case $rest in */*) rest=\${rest#*/} ;; *) rest= ;; esac
    case $part in '' | .) continue ;; ..) found=\${found%/*}; continue ;; esac
    if [ -L "$base$found/$part" ] && { [ -n "$2" ] || [ -n "$rest" ]; }; then
      hops=$((hops + 1))
      [ $hops -le 40 ] || exit ${ends.missing}
      link=$(readlink "$base$found/$part"; echo .)
      link=\${link%??}
      case $link in /*) found= ;; esac
      rest=$link/$rest
    else
      found=$found/$part
    fi
  done
}`;

const inside = `
base=/proc/self/fd/5
${resolve}
case $1 in
  in)
    resolve "$2" last
    [ -e "$base$found" ] || exit ${ends.missing}
    [ -d "$base$found" ] || exit ${ends.wrongKind}
    tar -C "$base$found/" -xpf - || exit ${ends.noTar} ;;
  *)
    resolve "$2" ''
    [ -e "$base$found" ] || [ -L "$base$found" ] || exit ${ends.missing}
    [ "$1" = out ] || exit 0
    stat -c '%f %s %Y' "$base$found" >&4
    [ ! -L "$base$found" ] || readlink "$base$found" >&4
    printf '\\000' >&4
    name=\${found##*/}
    tar -C "$base\${found%/*}/" -cf - -- "\${name:-.}"
    [ $? -le 1 ] || exit ${ends.noTar} ;;
esac`;

const outside = `
umask 022
mount --make-rprivate / || exit ${ends.noMounts}
place=/mnt
[ -d "$place" ] || place=/tmp
mount -t tmpfs -o mode=755 tmpfs "$place" || exit ${ends.noMounts}
operation=$1 path=$2 pid=$3 id=$4 mounted=$5 count=$6
shift 6
if [ "$pid" != 0 ]; then
  grep -q "$id" "/proc/$pid/cgroup" || exit ${ends.unseen}
  exec 5<"/proc/$pid/root/" || exit ${ends.unseen}
else
  base=$place/root
  mkdir "$base"
  if grep -q " $mounted " /proc/self/mountinfo; then
    mount --bind "$mounted" "$base" || exit ${ends.noMounts}
    shift $((3 * count))
  else
    while [ "$count" -gt 0 ]; do
      mount -t "$1" -o "$3" "$2" "$base" || exit ${ends.noMounts}
      shift 3
      count=$((count - 1))
    done
  fi
  ${resolve}
  while [ $# -gt 0 ]; do
    resolve "$2" last
    if [ -e "$base$found" ]; then
      mount --bind "$1" "$base$found" && { [ "$3" = rw ] || mount -o remount,bind,ro "$base$found"; } || exit ${ends.noMounts}
    fi
    shift 3
  done
  exec 5<"$base/"
fi
jail=$place/jail
mkdir "$jail" "$jail/proc"
for folder in bin sbin lib lib32 lib64 usr; do
  if [ -L "/$folder" ]; then
    ln -s "$(readlink "/$folder")" "$jail/$folder"
  elif [ -d "/$folder" ]; then
    mkdir "$jail/$folder"
    mount --bind "/$folder" "$jail/$folder" && mount -o remount,bind,ro "$jail/$folder" || exit ${ends.noMounts}
  fi
done
mount -t proc -o ro proc "$jail/proc" || exit ${ends.noMounts}
exec chroot "$jail" sh -c '${inside.replaceAll("'", String.raw`'\''`)}' sh "$operation" "$path"`;

/** What is to be run. */
export function jailed(args: readonly string[]): readonly string[] {
  const enter = 'exec unshare --mount --pid --fork --kill-child sh -c "$@"';
  return ['sh', '-c', enter, 'sh', outside, 'sh', ...args];
}

/** Why there may be no copies. */
export const noTools = 'its host has not all of unshare, mount, chroot and tar';

export async function hasTools(client: Client, signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await client.runProgram(['sh', '-c', 'command -v unshare mount chroot tar'], { signal });
  return exitCode === 0;
}
