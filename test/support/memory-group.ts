import { existsSync } from 'node:fs';
import { glob, mkdir, readdir, realpath, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { uniqueName } from './engine.ts';

/** A control group with a limit for memory; it goes when it is disposed of, with the empty groups that are left in it. */
export interface MemoryGroup extends AsyncDisposable {
  /** As `dockerd --cgroup-parent` takes it. */
  readonly name: string;
  /** Where the kernel shows it. */
  readonly directory: string;
}

const V2 = '/sys/fs/cgroup';
const V1 = '/sys/fs/cgroup/memory';

/**
 * Makes a control group that may use so many bytes and no swap, in whichever version the machine has
 * (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst).
 */
export async function limitMemory(bytes: number): Promise<MemoryGroup> {
  const isV2 = existsSync(join(V2, 'cgroup.controllers'));
  const name = uniqueName('/preheat-test');
  const directory = join(isV2 ? V2 : V1, name);
  await mkdir(directory);
  await using undo = new AsyncDisposableStack();
  undo.defer(async () => await removeGroup(name, isV2));
  if (isV2) {
    await writeFile(join(V2, 'cgroup.subtree_control'), '+memory');
    await writeFile(join(directory, 'memory.max'), String(bytes));
  } else {
    await writeFile(join(directory, 'memory.limit_in_bytes'), String(bytes));
  }
  // Absent where the kernel counts no swap.
  const swap = join(directory, isV2 ? 'memory.swap.max' : 'memory.memsw.limit_in_bytes');
  if (existsSync(swap)) await writeFile(swap, isV2 ? '0' : String(bytes));
  const owned = undo.move();
  return { name, directory, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/**
 * The engine leaves groups of its own: that of its builds, and with version 1 the same name below every controller,
 * some of which may be links to others.
 */
async function removeGroup(name: string, isV2: boolean): Promise<void> {
  const tops = isV2 ? [join(V2, name)] : await Array.fromAsync(glob(join(V2, '*', name)));
  for (const top of new Set(await Promise.all(tops.map(async (path) => await realpath(path))))) {
    const groups = (await readdir(top, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const group of groups.toSorted((a, b) => b.length - a.length)) await rmdir(group);
    await rmdir(top);
  }
}
