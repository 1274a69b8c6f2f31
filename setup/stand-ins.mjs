import { spawn } from 'node:child_process';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from './apt.mjs';
import { callEngine, streamError } from './engine-api.mjs';
import { SetupFailure } from './failure.mjs';
import { findProgram, logFile, run } from './run.mjs';

/** @typedef {import('./engine-api.mjs').Engine} Engine */

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** 10 June 2023, when Debian 12 came out: file times are no later, so that equal packages give equal layers. */
const releaseTime = '1686355200';
const label = 'LABEL preheat.stand-in=true';

/**
 * How each base image is made where no registry can be reached. Nothing of this machine enters: the roots hold
 * files of Debian's and npm's packages only, without host name, resolver, certificates or apt settings.
 * @type {Readonly<Record<string, (engine: Engine) => Promise<void>>>}
 */
export const standIns = {
  'debian:bookworm': makeDebian,
  'node:24-bookworm': makeNode,
  'busybox:1.36': makeBusybox,
  'buildpack-deps:bookworm': makeBuildpackDeps,
};

/** mmdebstrap copies these two from the machine for its own use and leaves them there. */
const forgetMachine = 'rm -f "$1/etc/resolv.conf" "$1/etc/hostname"';

/** What debian:bookworm-slim leaves out too; it halves the files. */
const withoutManuals = ['man', 'locale', 'info', 'doc/*/*.gz'].map(
  (folder) => `--dpkgopt=path-exclude=/usr/share/${folder}${folder.endsWith('.gz') ? '' : '/*'}`,
);

const debianSources = [
  'deb http://deb.debian.org/debian bookworm main',
  'deb http://deb.debian.org/debian bookworm-updates main',
  'deb http://deb.debian.org/debian-security bookworm-security main',
];

const debianPackages = ['ca-certificates', 'git', 'curl', 'procps', 'bash', 'sudo'];

/** @param {Engine} engine */
async function makeDebian(engine) {
  await bootstrap(engine, 'debian:bookworm', debianPackages);
}

/**
 * What the official image has for programs in C: compiler, make, and the tools that make a `configure`.
 * @param {Engine} engine
 */
async function makeBuildpackDeps(engine) {
  const packages = [...debianPackages, 'gcc', 'libc6-dev', 'make', 'autoconf', 'automake', 'libtool'];
  await bootstrap(engine, 'buildpack-deps:bookworm', packages);
}

/**
 * @param {Engine} engine
 * @param {string} name
 * @param {readonly string[]} packages
 */
async function bootstrap(engine, name, packages) {
  await provideMmdebstrap();
  await inFolder(async (folder) => {
    const root = join(folder, 'root.tar');
    const included = `--include=${packages.join(',')}`;
    const hook = `--customize-hook=${forgetMachine}`;
    const args = ['--variant=minbase', included, ...withoutManuals, hook, 'bookworm', root, ...debianSources];
    await run('mmdebstrap', args, { env: { SOURCE_DATE_EPOCH: releaseTime } });
    await importRoot(engine, name, createReadStream(root), ['CMD ["bash"]']);
  });
}

async function provideMmdebstrap() {
  if (findProgram('mmdebstrap') === undefined) await install(['mmdebstrap', 'debian-archive-keyring']);
}

/**
 * Node as the official image has it: under /usr/local, with a user "node" of id 1000, above the layer of Debian.
 * @param {Engine} engine
 */
async function makeNode(engine) {
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
    writeFileSync(join(folder, 'Dockerfile'), nodeDockerfile(version));
    const call = { method: 'POST', stream: tarOf(['-C', folder, '-cf', '-', '.']), idleSeconds: 300 };
    expectDone(
      'build node:24-bookworm',
      await callEngine(engine, '/build?t=node:24-bookworm&networkmode=none', call),
    );
  });
}

/** @param {string} version */
const nodeDockerfile = (version) => `FROM debian:bookworm
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

/** @param {Engine} engine */
async function makeBusybox(engine) {
  await inFolder(async (folder) => {
    await run('apt-get', ['download', 'busybox-static'], { cwd: folder });
    const file = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '';
    await run('dpkg-deb', ['-x', join(folder, file), join(folder, 'package')]);
    const root = join(folder, 'root');
    await layBusyboxRoot(join(folder, 'package/bin/busybox'), root);
    await importRoot(engine, 'busybox:1.36', tarOf(['-C', root, '-cf', '-', '.']), ['CMD ["sh"]']);
  });
}

/**
 * @param {string} program
 * @param {string} root
 */
async function layBusyboxRoot(program, root) {
  ['bin', 'etc', 'home', 'root', 'usr', 'var'].forEach((name) =>
    mkdirSync(join(root, name), { recursive: true }),
  );
  mkdirSync(join(root, 'tmp'));
  await run('chmod', ['1777', join(root, 'tmp')]);
  await run('cp', [program, join(root, 'bin/busybox')]);
  const applets = (await run(program, ['--list']))
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox');
  applets.forEach((name) => symlinkSync('busybox', join(root, 'bin', name)));
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnobody:x:65534:\n');
}

/**
 * Imports a root file system as an image of one layer.
 * @param {Engine} engine
 * @param {string} name
 * @param {AsyncIterable<Buffer>} tar
 * @param {readonly string[]} changes Dockerfile instructions for its config
 */
async function importRoot(engine, name, tar, changes) {
  const [repo = '', tag = ''] = name.split(':');
  const query = new URLSearchParams({ fromSrc: '-', repo, tag });
  [...changes, `ENV ${path}`, label].forEach((change) => query.append('changes', change));
  const call = { method: 'POST', stream: tar, idleSeconds: 300 };
  expectDone(`import ${name}`, await callEngine(engine, `/images/create?${query.toString()}`, call));
}

/**
 * @param {string} what
 * @param {{ status: number, text: string }} answer
 */
function expectDone(what, { status, text }) {
  const why = streamError(text) ?? (status === 200 ? undefined : `the engine answered ${status}`);
  if (why !== undefined) throw new SetupFailure(`cannot ${what}: ${why}`, `Read ${logFile()}.`);
}

/**
 * A tar stream whose entries belong to root and carry one time, so that equal files give an equal layer.
 * @param {readonly string[]} args
 * @returns {AsyncIterable<Buffer>}
 */
async function* tarOf(args) {
  const child = spawn(
    'tar',
    ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', `--mtime=@${releaseTime}`, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => child.on('close', resolve));
  yield* child.stdout;
  if ((await ended) !== 0)
    throw new SetupFailure('cannot pack a root file system: tar failed', `Read ${logFile()}.`);
}

/**
 * Gives a temporary folder to `work` and removes it afterwards.
 * @param {(folder: string) => Promise<void>} work
 */
async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'preheat-image-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
