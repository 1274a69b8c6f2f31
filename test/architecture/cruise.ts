import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The checkout that these tests belong to. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What dependency-cruiser found: the modules it read, and each broken rule with its ends. */
export interface Cruise {
  readonly modules: readonly string[];
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
}

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** Holds `folders` below `cwd` against the rules of `.dependency-cruiser.json`. */
export async function cruise(cwd: string, folders: readonly string[]): Promise<Cruise> {
  const program = `${root}node_modules/dependency-cruiser/bin/dependency-cruiser.mjs`;
  const args = [program, '--config', `${root}.dependency-cruiser.json`, '--output-type', 'json', ...folders];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 2 ** 28 });
  const { modules, summary } = JSON.parse(stdout) as Report;
  return {
    modules: modules.map(({ source }) => source),
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
