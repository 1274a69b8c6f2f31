import * as z from 'zod';
import { NO_LOCK, present, textIn, type RepositoryLook, type StarterTask } from './starter-task.ts';

const Package = z.looseObject({
  scripts: z.record(z.string(), z.unknown()).default({}),
  workspaces: z.unknown().optional(),
});

interface PackageManager {
  readonly kind: string;
  readonly locks: readonly string[];
  readonly init: string;
  /** How it is told to run a script of the package. */
  readonly run: string;
  readonly image?: string;
  /** Whether Node's corepack brings it. */
  readonly byCorepack?: true;
}

const BUN = { kind: 'bun', init: 'bun install --frozen-lockfile', run: 'bun run', image: 'oven/bun:1' };
const PNPM: PackageManager = {
  kind: 'pnpm',
  locks: ['pnpm-lock.yaml'],
  init: 'corepack enable && pnpm install --frozen-lockfile',
  run: 'pnpm run',
  byCorepack: true,
};
/** Yarn from 2 on; it has a file of its own, which the first one did not read. */
const BERRY: PackageManager = {
  kind: 'yarn',
  locks: ['yarn.lock'],
  init: 'corepack enable && yarn install --immutable',
  run: 'yarn run',
  byCorepack: true,
};
const YARN: PackageManager = {
  kind: 'yarn',
  locks: ['yarn.lock'],
  init: 'yarn install --frozen-lockfile',
  run: 'yarn run',
};
const NPM: PackageManager = {
  kind: 'npm',
  locks: ['package-lock.json', 'npm-shrinkwrap.json'],
  init: 'npm ci',
  run: 'npm run',
};

/** What package managers of Node read beside the package and its lock. */
const SETTINGS = ['.npmrc', '.yarnrc', '.yarnrc.yml', '.yarn', '.pnpmfile.cjs', 'bunfig.toml', 'patches'];
/** What of a package's scripts runs when it is installed, and may read anything. */
const AT_INSTALL = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'];

/** A project with a `package.json`, by the lock file that it has. */
export function nodeStarter(look: RepositoryLook): StarterTask | undefined {
  if (!look.names.has('package.json')) return undefined;
  const manager = managerOf(look);
  const [lock] = present(look, manager.locks);
  const script = ['dev', 'start'].find((name) => Object.hasOwn(packageIn(look)?.scripts ?? {}, name));
  return {
    kind: manager.kind,
    image: manager.image ?? 'node:24',
    init: lock === undefined ? 'npm install' : manager.init,
    inputs: whyUnlisted(look, lock) ?? present(look, ['package.json', ...manager.locks, ...SETTINGS]),
    ...(script !== undefined && { command: `${manager.run} ${script}` }),
    ...(manager.byCorepack && { env: { COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' } }),
  };
}

function managerOf({ names }: RepositoryLook): PackageManager {
  if (names.has('pnpm-lock.yaml')) return PNPM;
  if (names.has('yarn.lock')) return names.has('.yarnrc.yml') ? BERRY : YARN;
  const locks = ['bun.lock', 'bun.lockb'].filter((name) => names.has(name));
  return locks.length > 0 ? { ...BUN, locks } : NPM;
}

function packageIn(look: RepositoryLook): z.infer<typeof Package> | undefined {
  try {
    return Package.safeParse(JSON.parse(textIn(look, 'package.json'))).data;
  } catch {
    return undefined;
  }
}

function whyUnlisted(look: RepositoryLook, lock: string | undefined): string | undefined {
  const read = packageIn(look);
  if (read === undefined) return 'package.json cannot be read';
  if (lock === undefined) return NO_LOCK;
  const script = AT_INSTALL.find((name) => Object.hasOwn(read.scripts, name));
  if (script !== undefined) return `the script "${script}" of package.json may read anything`;
  if (read.workspaces !== undefined || look.names.has('pnpm-workspace.yaml'))
    return 'scripts of the workspaces may read anything';
  const isLocal = /"(?:file|link|portal|workspace):/.test(textIn(look, 'package.json'));
  return isLocal ? 'a dependency lies in the repository' : undefined;
}
