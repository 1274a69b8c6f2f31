import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callEngine } from './engine-api.mjs';
import { expectDone, inFolder, label, tarOf } from './import-root.mjs';
import { run } from './run.mjs';

/** @typedef {import('./engine-api.mjs').Engine} Engine */

/**
 * Node as the official image has it: under /usr/local, with a user "node" of id 1000, above the layer of Debian.
 * @param {Engine} engine
 * @param {string} name of the image
 * @param {string} debian the image below it
 */
export async function makeNode(engine, name, debian) {
  const { arch } = process;
  const version = pinnedNode();
  await inFolder(async (folder) => {
    const local = join(folder, 'local');
    await unpackNpmPackage(`node-linux-${arch}@${version}`, local);
    await unpackNpmPackage('npm@11', join(local, 'lib/node_modules/npm'));
    for (const name of ['npm', 'npx'])
      symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
    ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'].forEach((name) =>
      rmSync(join(local, name), { force: true }),
    );
    writeFileSync(join(folder, 'Dockerfile'), nodeDockerfile(version, debian));
    const call = { method: 'POST', stream: tarOf(['-C', folder, '-cf', '-', '.']), idleSeconds: 300 };
    const query = new URLSearchParams({ t: name, networkmode: 'none' });
    expectDone(`build ${name}`, await callEngine(engine, `/build?${query.toString()}`, call));
  });
}

/**
 * @param {string} version
 * @param {string} debian
 */
const nodeDockerfile = (version, debian) => `FROM ${debian}
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
ENV NODE_VERSION=${version}
COPY local/ /usr/local/
${label}
CMD ["node"]
`;

/** The version that package.json pins for development, so that one package serves both. */
function pinnedNode() {
  const manifest = new URL('../package.json', import.meta.url);
  const { devDependencies } = /** @type {{ devDependencies: Record<string, string> }} */ (
    JSON.parse(readFileSync(manifest, 'utf8'))
  );
  return devDependencies['node'] ?? '24';
}

/**
 * @param {string} name with its version
 * @param {string} folder made when missing
 */
async function unpackNpmPackage(name, folder) {
  await inFolder(async (download) => {
    await run('npm', ['pack', '--silent', '--pack-destination', download, name], { cwd: download });
    const [file = ''] = readdirSync(download);
    mkdirSync(folder, { recursive: true });
    await run('tar', ['-xzf', join(download, file), '-C', folder, '--strip-components=1', '--no-same-owner']);
  });
}
