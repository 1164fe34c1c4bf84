/**
 * A text without what stands before the @ of an address: `https://user:password@host/` is `https://…@host/`. A password
 * may hold nearly every character, so that all before the last @ of a word is taken away. `name@sha256:…` stays.
 */
export function withoutCredentials(text: string): string {
  return text.includes('@') ? text.replace(ofUrl, '$1…@').replace(ofHost, '$1…@') : text;
}

const ofUrl = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*@/gi;
/** Without a scheme, as before the registry of an image: `user:password@host`, `token@host/name`. */
const ofHost =
  /(^|[\s"'=,])[^\s"'@=,/…]+(?::(?!\/\/)[^\s"'@]*@(?!sha\d+:)(?=[^\s"'@]*[/.:])|@(?!sha\d+:)(?=[^\s"'@]*\/))/g;
