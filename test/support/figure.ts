/** A measured number that the run tells, and judges only where it says so. */
export function figure(line: string): void {
  process.stdout.write(`figure: ${line}\n`);
}
