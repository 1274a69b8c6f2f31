import { createReadStream, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type {
  BuildContext,
  BuildContextRequest,
  ContextFile,
  LaidContext,
} from '../../build/build-context.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { checkoutSettings } from './checkout-workers.ts';
import { openClone } from './clone.ts';
import { indexCommit } from './commit-index.ts';
import type { ContextOptions } from './context-tree.ts';
import { gitPlaceIn, runGit } from './git-command.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

/** Lays files down from the clone in (or above) `directory`, which is not changed. */
export function openBuildContext(directory: string, options: ContextOptions = {}): BuildContext {
  const { openFolder = openTemporaryFolder } = options;
  return {
    async layDown(request, { signal }) {
      const place = await gitPlaceIn(directory, 'build', options.git);
      const clone = await openClone(place, { signal });
      await using stack = new AsyncDisposableStack();
      const index = stack.use(await indexCommit(clone, request.commit, { signal, openFolder }));
      await checkOut(index, request, { signal });
      const laid: LaidContext = {
        files: [...contextFiles(join(index.top, request.context), request)],
        [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
      };
      const owned = stack.move();
      return laid;
    },
  };
}

async function checkOut(
  { place }: Awaited<ReturnType<typeof indexCommit>>,
  { commit, context, files }: BuildContextRequest,
  { signal }: CallOptions,
): Promise<void> {
  if (files.length === 0) return;
  const above = context === '' ? '' : `${Buffer.from(context).toString('latin1')}/`;
  const input = Buffer.from(files.map((file) => `${above}${file}\0`).join(''), 'latin1');
  const purpose = `lay down a build context of commit ${commit.slice(0, 12)}`;
  const workers = await checkoutSettings(place, commit, { signal });
  const words = ['checkout-index', '-z', '--stdin', '--quiet', '--force'];
  await runGit(place, [...workers, ...words], { signal, purpose, input });
}

function* contextFiles(
  top: string,
  { files, folders }: Pick<BuildContextRequest, 'files' | 'folders'>,
): Generator<ContextFile> {
  const told = new Set<string>();
  for (const path of files) {
    yield* foldersOn(path, told);
    yield contextFile(path, Buffer.concat([Buffer.from(`${top}/`), Buffer.from(path, 'latin1')]));
  }
  for (const folder of folders) yield* foldersOn(`${folder}/`, told);
}

/** The folders that end at the slashes of a path and were not told yet. */
function* foldersOn(path: string, told: Set<string>): Generator<ContextFile> {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const folder = path.slice(0, end);
    if (told.has(folder)) continue;
    told.add(folder);
    yield { path: folder, kind: 'directory', executable: true, size: 0, open: nothing };
  }
}

function contextFile(path: string, file: Buffer): ContextFile {
  const found = lstatSync(file);
  if (found.isSymbolicLink()) {
    const target = readlinkSync(file, { encoding: 'buffer' }).toString('latin1');
    return { path, kind: 'symlink', executable: false, size: 0, target, open: nothing };
  }
  const executable = (found.mode & 0o100) !== 0;
  return { path, kind: 'file', executable, size: found.size, open: () => createReadStream(file) };
}

// eslint-disable-next-line no-empty-function -- folders and links have no content
async function* nothing(): AsyncGenerator<Uint8Array> {}
