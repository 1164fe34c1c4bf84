#!/bin/sh
# An OCI runtime for a host whose own capability set is not full: runc, after taking out of config.json what this host
# cannot give. Without it `docker run --privileged` fails there with "unable to apply caps: operation not permitted".
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

within_bounds() { # FILE: edited in place
  missing_names
  [ -z "$missing" ] || ! grep -qE "\"CAP_($missing)\"" "$1" || without "$missing" "$1"
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
