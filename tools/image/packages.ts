import { access } from 'node:fs/promises';

/** A file of this machine, from a package of its distribution when it is not there yet. */
export async function fileOfPackage(file: string, name: string, report: (line: string) => void): Promise<string> {
  if (await isThere(file)) return file;
  const { ensurePackages } = await import('../engines/index.ts');
  await ensurePackages({ [file]: name }, { report });
  return file;
}

export async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
