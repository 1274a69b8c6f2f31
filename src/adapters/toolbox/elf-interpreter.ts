const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const PT_INTERP = 3;

/**
 * The dynamic loader that an executable names (elf(5), the segment `PT_INTERP`); `undefined` for what is no 64-bit
 * little-endian ELF file or is linked statically.
 */
export function elfInterpreterOf(file: Uint8Array): string | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.byteLength < 64 || !bytes.subarray(0, 4).equals(MAGIC)) return undefined;
  if (bytes[4] !== CLASS_64 || bytes[5] !== LITTLE_ENDIAN) return undefined;
  const tableAt = Number(bytes.readBigUInt64LE(32));
  const entrySize = bytes.readUInt16LE(54);
  const entries = bytes.readUInt16LE(56);
  for (let index = 0; index < entries; index++) {
    const at = tableAt + index * entrySize;
    if (at + 56 > bytes.byteLength) return undefined;
    if (bytes.readUInt32LE(at) === PT_INTERP) return textAt(bytes, at);
  }
  return undefined;
}

/** `p_offset` stands at byte 8 of a program header, `p_filesz` at byte 32; the text ends with a NUL. */
function textAt(bytes: Buffer, header: number): string {
  const offset = Number(bytes.readBigUInt64LE(header + 8));
  const size = Number(bytes.readBigUInt64LE(header + 32));
  return bytes.toString('latin1', offset, offset + size).replace(/\0.*$/s, '');
}
