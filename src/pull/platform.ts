/** `os/architecture[/variant]`, apart, with the variant that an architecture has without one. */
function partsOf(platform: string): { os: string; architecture: string; variant: number } {
  const [os = '', architecture = '', variant = ''] = platform.split('/');
  const number = /^v?(\d+)/.exec(variant)?.[1];
  return { os, architecture, variant: number === undefined ? (usual[architecture] ?? 0) : Number(number) };
}

const usual: Readonly<Record<string, number>> = { amd64: 1, arm: 7, arm64: 8 };
/** The older ones that a processor also runs. */
const alsoRuns: Readonly<Record<string, string>> = { amd64: '386', arm64: 'arm' };

/** Would an engine take the image for one of that platform? By the rule that containerd and Docker have. */
export function isFor(image: string, wanted: string): boolean {
  const [have, want] = [partsOf(image), partsOf(wanted)];
  if (have.os !== want.os) return false;
  if (have.architecture === want.architecture) return have.variant <= want.variant;
  return alsoRuns[want.architecture] === have.architecture;
}
