import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { startFiles } from '../../src/build/start-scripts.ts';
import { readRuntimeFiles } from '../../src/cli/runtime-files.ts';
import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import { digestOf, parseDiffId } from '../../src/oci/digest.ts';
import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { bareDocker, fileEntry } from '../support/engine.ts';
import { labelText, memoryStore, someLayer, type MemoryStore } from './memory-store.ts';

const CONSTANT = new Date('1980-01-02T00:00:00Z');
const OWNER = { uid: 33333, gid: 33333 } as const;

/**
 * An OCI layout in memory with one workspace image, tagged `warm`, over a base that the engine has: only the layer
 * above the base has bytes.
 */
export async function layoutOver(base: string, config: WorkspaceConfig): Promise<MemoryStore> {
  const { RootFS, Config, Architecture } = await bareDocker().getImage(base).inspect();
  const tar = Buffer.concat(await Array.fromAsync(tarOf(await entriesOf(config))));
  const baseLayers = (RootFS.Layers ?? []).map((diffId) => ({
    ...someLayer(diffId),
    diffId: parseDiffId(diffId),
  }));
  const own = { blob: gzipSync(tar, { level: 1 }), diffId: parseDiffId(digestOf(tar)) };
  const store = memoryStore({ kind: 'layout', directory: '/nowhere' });
  const { checkoutLocation, workspaceLocation, ports } = config;
  store.add('warm', {
    layers: [...baseLayers, own],
    label: labelText({ checkoutLocation, workspaceLocation, ports }),
    config: { architecture: Architecture, config: { Env: Config.Env, User: 'gitpod' } },
  });
  return store;
}

async function entriesOf(config: WorkspaceConfig): Promise<readonly TarEntry[]> {
  const placed = [...(await readRuntimeFiles()), ...startFiles(config)].map(({ path, content, mode }) =>
    fileEntry(path.slice(1), Buffer.from(content).toString('utf8'), { mode }),
  );
  const passwd = 'root:x:0:0::/root:/bin/bash\ngitpod:x:33333:33333::/home/gitpod:/bin/bash\n';
  return [
    fileEntry('etc/passwd', passwd),
    folder('home/gitpod'),
    fileEntry('home/gitpod/.bashrc', 'case $- in *i*) export FROM_BASHRC=yes;; esac\n', OWNER),
    ...placed,
    folder('workspace'),
    ...(await checkoutEntries(config.checkoutLocation.slice(1))),
  ];
}

function folder(path: string): TarEntry {
  return { ...fileEntry(path, '', OWNER), kind: 'directory', mode: 0o755 };
}

/** A checkout with a commit, its index valid by size and time alone. */
async function checkoutEntries(prefix: string): Promise<readonly TarEntry[]> {
  const root = await mkdtemp(join(tmpdir(), 'preheat-checkout-'));
  try {
    await mkdir(join(root, 'src'));
    for (let n = 0; n < 20; n++) {
      const file = join(root, `src/${n}.txt`);
      await writeFile(file, `content ${n % 10}\n`);
      await utimes(file, CONSTANT, CONSTANT);
    }
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    for (const args of [
      ['init', '-q', '-b', 'main', '--template='],
      ['add', '.'],
      [...author, 'commit', '-q', '-m', 'first'],
      ['config', 'core.checkStat', 'minimal'],
    ]) {
      await promisify(execFile)('git', args, {
        cwd: root,
        env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
      });
    }
    return await treeEntries(root, prefix);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function treeEntries(directory: string, prefix: string): Promise<readonly TarEntry[]> {
  const children = await readdir(directory, { withFileTypes: true });
  const below = await Promise.all(
    children.map(async (child) => {
      const [path, file] = [`${prefix}/${child.name}`, join(directory, child.name)];
      return child.isDirectory() ? treeEntries(file, path) : [await contentEntry(path, file)];
    }),
  );
  return [folder(prefix), ...below.flat()];
}

async function contentEntry(path: string, file: string): Promise<TarEntry> {
  const content = await readFile(file);
  const mtime = path.includes('/.git/') ? 1_000_000_000 : CONSTANT.getTime() / 1000;
  return {
    ...fileEntry(path, '', { ...OWNER, mtime }),
    size: content.length,
    async *open() {
      yield content;
    },
  };
}
