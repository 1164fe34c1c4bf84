// Offsets in the header of a 64-bit ELF file, and in one entry of its table of segments.
const header = {
  segments: 0x20,
  sections: 0x28,
  entrySize: 0x36,
  entries: 0x38,
  sectionCount: 0x3c,
  sectionNames: 0x3e,
};
const segment = { offset: 0x08, sizeInFile: 0x20 };

/**
 * A program without what is not loaded: symbols, debug information, and the table of sections that names them. Does
 * what `strip` does, which is not on every machine.
 */
export function trimElf(program: Buffer): Buffer {
  if (program.readUInt32BE(0) !== 0x7f454c46 || program[4] !== 2) throw new Error('no 64-bit ELF program');
  const table = Number(program.readBigUInt64LE(header.segments));
  const entrySize = program.readUInt16LE(header.entrySize);
  let end = 0;
  for (let index = 0; index < program.readUInt16LE(header.entries); index++) {
    const entry = table + index * entrySize;
    const offset = program.readBigUInt64LE(entry + segment.offset);
    end = Math.max(end, Number(offset + program.readBigUInt64LE(entry + segment.sizeInFile)));
  }
  const trimmed = Buffer.from(program.subarray(0, end));
  trimmed.writeBigUInt64LE(0n, header.sections);
  trimmed.writeUInt16LE(0, header.sectionCount);
  trimmed.writeUInt16LE(0, header.sectionNames);
  return trimmed;
}
