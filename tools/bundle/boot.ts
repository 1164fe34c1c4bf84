// The launcher's first act: compiles launcher.cjs with V8's code cache when it lies beside it, and calls it. This is
// 5 ms faster than node:module's compile cache (no loader, no checksums, no decompression), and needs nothing writable.
// Its imports would cost another millisecond.
const fs = process.getBuiltinModule('node:fs');
const vm = process.getBuiltinModule('node:vm');
const { createRequire } = process.getBuiltinModule('node:module');

// Bundled, docker-modem no longer lies in node_modules, where Node excuses its url.parse().
process.noDeprecation = true;

const filename = `${import.meta.dirname}/launcher.cjs`;
// esbuild escapes all that is not ASCII, and Latin-1 needs no decoding.
const source = fs.readFileSync(filename, 'latin1');
const cachedData = readIfThere(`${import.meta.dirname}/launcher.cache`);
// V8 ignores a cache that another version, or other flags, have made.
const script = new vm.Script(source, { filename, ...(cachedData && { cachedData }) });
const main = script.runInThisContext() as Main;
void main(createRequire(filename));

function readIfThere(path: string): Buffer | undefined {
  try {
    return fs.readFileSync(path);
  } catch {
    return undefined;
  }
}

/** What launcher.cjs is: the whole launcher as a function. */
export type Main = (require: NodeJS.Require) => Promise<void>;
