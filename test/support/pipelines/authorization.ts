import { z } from 'zod';

/** Which rules of Bitbucket Pipelines hold: runtime v3 takes every container, v2 refuses those that could break out. */
export type Runtime = 'v2' | 'v3';

const HostConfig = z.looseObject({
  Privileged: z.boolean().nullish(),
  Mounts: z.array(z.unknown()).nullish(),
  Binds: z.array(z.string()).nullish(),
  SecurityOpt: z.array(z.string()).nullish(),
  CapAdd: z.array(z.string()).nullish(),
  Devices: z.array(z.unknown()).nullish(),
  CgroupParent: z.string().nullish(),
  PidMode: z.string().nullish(),
  IpcMode: z.string().nullish(),
  UTSMode: z.string().nullish(),
  UsernsMode: z.string().nullish(),
});
type HostConfig = z.infer<typeof HostConfig>;
const Creation = z.looseObject({ HostConfig: HostConfig.nullish() });
const Execution = z.looseObject({ Privileged: z.boolean().nullish() });

/** A call of the Engine API as the plugin sees it. */
export interface AuthorizedCall {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Parsed JSON, where the call has such a body. */
  readonly body: unknown;
}

/**
 * Why Pipelines' authorization plugin refuses a call, in its own words; `undefined` where it lets it through. The first
 * four reasons have been seen there; the flags after them are documented as restricted, in words that were not seen
 * (https://support.atlassian.com/bitbucket-cloud/docs/run-docker-commands-in-bitbucket-pipelines/).
 */
export function refusalOf(call: AuthorizedCall, cloneFolder: string): string | undefined {
  const path = call.path.replace(/^\/v[\d.]+/, '');
  if (/^\/(?:plugins|swarm|services|nodes|secrets|configs)\b/.test(path)) return `${path} is not allowed`;
  if (call.method !== 'POST') return undefined;
  if (/^\/containers\/[^/]+\/exec$/.test(path) && Execution.parse(call.body).Privileged === true)
    return '--privileged=true is not allowed';
  if (path === '/containers/create')
    return refusalOfContainer(Creation.parse(call.body).HostConfig ?? {}, cloneFolder);
  return undefined;
}

type Rule = readonly [reason: string, breaks: (host: HostConfig, cloneFolder: string) => boolean];

const RULES: readonly Rule[] = [
  ['--privileged=true is not allowed', (host) => host.Privileged === true],
  ['--mounts is not allowed', (host) => isGiven(host.Mounts)],
  [
    '-v only supports $BITBUCKET_CLONE_DIR and its subdirectories',
    (host, folder) => (host.Binds ?? []).some((bind) => !isBelow(folder, bind.split(':')[0] ?? '')),
  ],
  ['--security-opt is not allowed', (host) => isGiven(host.SecurityOpt)],
  ['--cap-add is not allowed', (host) => isGiven(host.CapAdd)],
  ['--device is not allowed', (host) => isGiven(host.Devices)],
  ['--cgroup-parent is not allowed', (host) => Boolean(host.CgroupParent)],
  ['--pid=host is not allowed', (host) => host.PidMode === 'host'],
  ['--ipc=host is not allowed', (host) => host.IpcMode === 'host'],
  ['--uts=host is not allowed', (host) => host.UTSMode === 'host'],
  ['--userns=host is not allowed', (host) => host.UsernsMode === 'host'],
];

function isGiven(list: readonly unknown[] | null | undefined): boolean {
  return (list ?? []).length > 0;
}

function refusalOfContainer(host: HostConfig, cloneFolder: string): string | undefined {
  return RULES.find(([, breaks]) => breaks(host, cloneFolder))?.[0];
}

/** A named volume is below no folder, so it is refused too. */
function isBelow(folder: string, path: string): boolean {
  return path === folder || (path.startsWith(`${folder}/`) && !path.split('/').includes('..'));
}
