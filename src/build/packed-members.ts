import { PreheatError } from '../kernel/failure.ts';

/** Holds the members of a tar against the paths that were to be packed. */
export interface PackedMembers {
  /** Takes the path of the next member, raw bytes as latin1 text. */
  add(path: string): void;
  /** Throws a `PreheatError` of phase `build` unless the members were those paths, each once and in their order. */
  check(): void;
}

/**
 * Expects members in the order in which GNU tar was told of them. It ends with 0 too where an option that came from
 * elsewhere made it pass files over (`--exclude`) or name them otherwise (`--transform`).
 */
export function expectMembers(paths: readonly string[]): PackedMembers {
  let count = 0;
  let astray: string | undefined;
  return {
    add(path) {
      if (path !== paths[count]) astray ??= paths[count] ?? path;
      count++;
    },
    check() {
      const first = astray ?? paths[count];
      if (first !== undefined) throw astrayMember(first, count, paths.length);
    },
  };
}

function astrayMember(path: string, count: number, asked: number): PreheatError {
  const name = Buffer.from(path, 'latin1').toString('utf8');
  const why = `tar packed ${count} paths where it was told ${asked}, /${name} the first that differs`;
  return new PreheatError(`cannot capture what the tasks left: ${why}`, {
    phase: 'build',
    code: 'engine',
    hint: 'Run the build again with --debug; if it fails again, report it with its log.',
  });
}
