import { mkdtempDisposable, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFailure } from '../../kernel/temporary-failure.ts';

/** Opens a folder for bytes on their way, which goes when it is disposed of; its name, in small letters, says whose. */
export type OpenFolder = (name: string) => Promise<AsyncDisposable & { readonly path: string }>;

/** Opens a folder below `TMPDIR`, where nobody sweeps what a killed run leaves; throws a `PreheatError` of phase `build`. */
export const openTemporaryFolder: OpenFolder = async (name) => {
  try {
    return await mkdtempDisposable(join(await realpath(tmpdir()), `preheat-${name}-`));
  } catch (thrown) {
    throw temporaryFailure(tmpdir(), thrown, 'build');
  }
};
