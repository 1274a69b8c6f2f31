const BASE = 0x40_00_00n;
const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;

/** What differs between processors: the number in the ELF header (elf(5), `e_machine`) and the code. */
const MACHINES = {
  // mov $34, %eax; syscall (pause); jmp to the beginning
  amd64: { machine: 62, code: [0xb8, 0x22, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7] },
  // x0 to x4 = 0; x8 = 73; svc 0 (ppoll without descriptors and time limit); b to the beginning
  arm64: {
    machine: 183,
    code: [
      0xd2_80_00_00, 0xd2_80_00_01, 0xd2_80_00_02, 0xd2_80_00_03, 0xd2_80_00_04, 0xd2_80_09_28, 0xd4_00_00_01,
      0x17_ff_ff_f9,
    ].flatMap((word) => [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24]),
  },
} as const;

/**
 * An executable (ELF, static, 130 bytes or so) that does nothing until a signal ends it; `undefined` for a processor
 * that it was not written for. It needs no loader and no library, so that an image's `LD_PRELOAD` or
 * `/etc/ld.so.preload`, whose libraries may want a C library newer than ours, cannot keep it from running.
 */
export function waitingProgram(architecture: string): Uint8Array | undefined {
  if (architecture !== 'amd64' && architecture !== 'arm64') return undefined;
  const { machine, code } = MACHINES[architecture];
  const codeAt = HEADER_BYTES + SEGMENT_BYTES;
  const file = Buffer.alloc(codeAt + code.length);
  // 64 bits, little-endian, version 1.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(2, 16); // e_type: executable
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20); // e_version
  file.writeBigUInt64LE(BASE + BigInt(codeAt), 24); // e_entry
  file.writeBigUInt64LE(BigInt(HEADER_BYTES), 32); // e_phoff
  file.writeUInt16LE(HEADER_BYTES, 52); // e_ehsize
  file.writeUInt16LE(SEGMENT_BYTES, 54); // e_phentsize
  file.writeUInt16LE(1, 56); // e_phnum
  file.writeUInt32LE(1, HEADER_BYTES); // p_type: load
  file.writeUInt32LE(5, HEADER_BYTES + 4); // p_flags: read, execute
  file.writeBigUInt64LE(BASE, HEADER_BYTES + 16); // p_vaddr
  file.writeBigUInt64LE(BASE, HEADER_BYTES + 24); // p_paddr
  file.writeBigUInt64LE(BigInt(file.length), HEADER_BYTES + 32); // p_filesz
  file.writeBigUInt64LE(BigInt(file.length), HEADER_BYTES + 40); // p_memsz
  file.writeBigUInt64LE(0x1_00_00n, HEADER_BYTES + 48); // p_align: the largest page of both
  file.set(code, codeAt);
  return file;
}
