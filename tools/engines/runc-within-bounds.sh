#!/bin/sh
# An OCI runtime for a host whose own capability set is not full: runc, after taking out of config.json what this host
# cannot give. Without it `docker run --privileged` fails there with "unable to apply caps: operation not permitted", and
# every container of Podman with "error setting rlimit", for it asks for a million open files.
# On the way of every container start: only builtins and one grep, unless there is something to take out.
names="CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"

missing_names() { # -> $missing: NAME|NAME|…
  while read -r key bounding; do [ "$key" != CapBnd: ] || break; done </proc/self/status
  missing= bit=0
  for name in $names; do
    [ $((0x$bounding >> bit & 1)) = 1 ] || missing="${missing:+$missing|}$name"
    bit=$((bit + 1))
  done
}

# Only in the lists of capabilities: a container's command may well name one. JSON as engines write it, without spaces.
without() { # NAME|NAME FILE
  list='"(bounding|effective|inheritable|permitted|ambient)":\['
  sed -i -E ":again
    s/($list[^]]*)\"CAP_($1)\",/\1/; t again
    s/($list[^]]*),\"CAP_($1)\"\]/\1]/; t again
    s/($list)\"CAP_($1)\"\]/\1]/; t again" "$2"
}

# Only root with SYS_RESOURCE may set a limit above the one it has itself.
lower_limits() { # FILE
  while read -r line; do
    # shellcheck disable=SC2086
    case $line in
      'Max processes '*) set -- "$1" NPROC $line && lower "$1" "$2" "$6" ;;
      'Max open files '*) set -- "$1" NOFILE $line && lower "$1" "$2" "$7" ;;
    esac
  done </proc/self/limits
}

lower() { # FILE NAME LIMIT
  [ "$3" != unlimited ] || return 0
  for key in hard soft; do
    number=$(sed -nE "s/.*\"RLIMIT_$2\"[^{}]*\"$key\":([0-9]+).*/\1/p" "$1")
    # More digits than a shell counts with: `unlimited` is 2^64 - 1.
    if [ "${#number}" -gt "${#3}" ] || { [ "${#number}" -eq "${#3}" ] && [ "$number" -gt "$3" ]; }; then
      sed -i -E "s/(\"RLIMIT_$2\"[^{}]*\"$key\":)[0-9]+/\1$3/" "$1"
    fi
  done
}

within_bounds() { # FILE: edited in place
  missing_names
  [ -n "$missing" ] && grep -qE "\"CAP_($missing)\"|\"RLIMIT_N" "$1" || return 0
  without "$missing" "$1"
  case "|$missing|" in *'|SYS_RESOURCE|'*) lower_limits "$1" ;; esac
}

bundle=. process= command= previous=
for argument in "$@"; do
  case $previous in --bundle | -b) bundle=$argument ;; --process | -p) process=$argument ;; esac
  case $argument in
    create | run | exec) command=${command:-$argument} ;;
    --bundle=*) bundle=${argument#*=} ;;
    --process=*) process=${argument#*=} ;;
  esac
  previous=$argument
done
case $command in
  create | run) within_bounds "$bundle/config.json" ;;
  exec) [ -z "$process" ] || within_bounds "$process" ;;
esac
exec runc "$@"
