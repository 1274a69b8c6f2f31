/** A library as the dynamic loader resolved it. */
export interface ResolvedLibrary {
  readonly name: string;
  /** Absolute path of the file. */
  readonly path: string;
}

/**
 * Reads what `ld.so --list` prints (ld.so(8)): a line `name => path (address)` for each library. The kernel's own
 * object and the loader itself have no arrow and are left out. Throws `RangeError` for a library that was not found.
 */
export function parseLoaderListing(text: string): readonly ResolvedLibrary[] {
  return text.split('\n').flatMap((line) => {
    const [, name, path] = /^\s*(\S+) => (.+?)(?: \(0x[0-9a-f]+\))?$/.exec(line) ?? [];
    if (name === undefined || path === undefined) return [];
    if (!path.startsWith('/')) throw new RangeError(`${name} is ${path}`);
    return [{ name, path }];
  });
}
