import { join } from 'node:path';
import { ROOT } from '../release/bundle.ts';
import { makeNpmPackage } from '../release/npm-package.ts';

const PACKAGE = join(ROOT, 'dist', 'npm');

/** The command as it is released: what users run, and measurements too. */
export const PROGRAM = join(PACKAGE, 'lib', 'cli', 'preheat.mjs');

/** Makes {@link PROGRAM} of the sources as they are. */
export async function makeProgram(): Promise<void> {
  await makeNpmPackage(PACKAGE);
}
