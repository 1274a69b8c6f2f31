import type { TarEntry } from './tar-entry.ts';

/** Throws `RangeError` for an entry that a tar can't hold or that would be unpacked elsewhere than its path says. */
export function checkTarEntry(entry: TarEntry): void {
  const fault = faultOf(entry);
  if (fault !== undefined) {
    throw new RangeError(`cannot write ${JSON.stringify(entry.path)} into a tar: ${fault}`);
  }
}

function faultOf(entry: TarEntry): string | undefined {
  return pathFaultOf(entry.path) ?? targetFaultOf(entry) ?? numberFaultOf(entry);
}

function numberFaultOf(entry: TarEntry): string | undefined {
  const { mode, uid, gid, size, mtime } = entry;
  if (!isWithin(mode, 0o7777)) return `its mode is ${mode}`;
  if (!isWithin(uid)) return `its uid is ${uid}`;
  if (!isWithin(gid)) return `its gid is ${gid}`;
  if (!isWithin(size, entry.kind === 'file' ? undefined : 0)) return `its size is ${size}`;
  return Number.isSafeInteger(mtime) ? undefined : `its mtime is ${mtime}`;
}

function pathFaultOf(path: string): string | undefined {
  if (path === '') return 'its path is empty';
  if (path.startsWith('/') || path.endsWith('/')) return 'its path begins or ends with a slash';
  if (path.split('/').includes('..')) return 'its path leads upwards';
  return isRawText(path) ? undefined : 'its path is not raw bytes';
}

function targetFaultOf({ kind, target }: TarEntry): string | undefined {
  if (kind !== 'symlink') return target === undefined ? undefined : `a ${kind} has no link target`;
  if (target === undefined || target === '') return 'its link target is missing';
  return isRawText(target) ? undefined : 'its link target is not raw bytes';
}

/** Bytes as latin1 text, without NUL, which ends names in tar and in file systems. */
function isRawText(text: string): boolean {
  return !text.includes('\0') && /^[\p{ASCII}\u0080-\u00ff]*$/u.test(text);
}

function isWithin(value: number, most: number = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= most;
}
