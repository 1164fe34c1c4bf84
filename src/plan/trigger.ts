type Environment = Readonly<Record<string, string | undefined>>;

/** Does the environment ask for a launch? entrypoint.sh asks the same. */
export function isTriggered(env: Environment): boolean {
  return Boolean(env['OFFSHOOT_IMAGE'] || env['OFFSHOOT_IMAGE_FILE'] || env['OFFSHOOT_COMPAT']);
}
