#!/bin/sh
# What images name as ENTRYPOINT, with their own entrypoint and command as arguments. Untriggered, it is not there.
# POSIX sh: runs in dash and in busybox's ash.

# What an image sets for its own program must not change or break ours; the sibling gets it from the engine all the same.
become_launcher() {
  unset NODE_OPTIONS NODE_PATH LD_PRELOAD LD_LIBRARY_PATH OPENSSL_CONF
  exec /opt/offshoot/offshoot "$@"
}

# A waiter sleeps here, in the shell, as that needs a hundredth of the launcher's memory. Times are hundredths of a
# second since boot: the wall clock may jump. After a reboot they mean nothing, which the launcher tells.
wait_for_deadline() {
  lead=80 # what the launcher needs to be ready, with room for a slow machine
  trap 'end SIGTERM' TERM
  trap 'end SIGINT' INT
  trap 'end SIGHUP' HUP
  trap 'end SIGQUIT' QUIT
  read -r boot </proc/sys/kernel/random/boot_id
  while [ "$boot" = "$OFFSHOOT_WAITER_BOOT_ID" ]; do
    read -r uptime _ </proc/uptime
    left=$((OFFSHOOT_WAITER_DEADLINE - ${uptime%.*}${uptime#*.} - lead))
    [ "$left" -gt 0 ] || break
    # By few seconds: a sleep counts no time that the machine is suspended, and some shells (klibc's, dash before
    # 0.5.11) miss a signal that comes just before they wait, until what they wait for has ended.
    [ "$left" -lt 300 ] || left=300
    hundredths=$((100 + left % 100))
    doze "$((left / 100)).${hundredths#1}" || doze "$((left / 100))" || break
  done
  become_launcher
}

# In the background, so that a signal ends it at once. Fails where sleep takes no fractions, or is not there.
doze() {
  [ "$1" != 0 ] || return 1
  sleep "$1" 2>/dev/null &
  wait "$!"
}

end() {
  kill "$!" 2>/dev/null
  export OFFSHOOT_WAITER_SIGNAL="$1"
  become_launcher
}

if [ -n "$OFFSHOOT_WAITER" ]; then
  wait_for_deadline
elif [ -n "$OFFSHOOT_IMAGE$OFFSHOOT_IMAGE_FILE$OFFSHOOT_COMPAT" ]; then
  become_launcher
elif [ $# -gt 0 ]; then
  exec "$@"
else
  become_launcher --
fi
