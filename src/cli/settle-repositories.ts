import { openRepository } from '../adapters/git/repository.ts';
import { GITPOD_FILE_NAMES } from '../config/config-file.ts';
import { contextUrl, isSameRepository } from '../config/context-url.ts';
import { delegatedConfig } from '../config/delegated-config.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { publicRemoteUrl } from '../adapters/git/remote-url.ts';
import { PreheatError } from '../kernel/failure.ts';
import { findPin, pinRepositories } from './pin-repositories.ts';
import type { Pin } from './pinned-repository.ts';
import type { Ports } from './ports.ts';
import { takeConfig, type PushContext } from './push-context.ts';
import type { Session } from './session.ts';

/** A push whose configuration is the one that counts, and whose repositories are all pinned. */
export interface SettledPush {
  readonly context: PushContext;
  readonly config: WorkspaceConfig;
}

/** Follows `mainConfiguration`, then pins what the configuration names; asks nothing where it names nothing. */
export async function settleRepositories(
  context: PushContext,
  config: WorkspaceConfig,
  ports: Ports,
  session: Session,
): Promise<SettledPush> {
  const { mainConfiguration: written } = config;
  if (written === undefined)
    return { config, context: await pinRepositories(context, config, ports, session) };
  const pin = await findPin(written, context, ports, session);
  // A file that names its own repository stands as it is.
  if (pin.isPushed) return { config, context: await pinRepositories(context, config, ports, session) };
  const pushed = await ports.others.pushedAddress(session);
  const main = await readMain(written, pin, ports, session);
  const delegated = delegatedConfig(main, {
    written,
    name: context.event.repository.name,
    isPushed: (url) => isSameRepository(contextUrl(url)?.address ?? url, pushed),
  });
  if (delegated.overlapped !== undefined) {
    const { checkoutLocation } = delegated.config;
    const why = `this repository would lie in ${checkoutLocation}, which overlaps ${delegated.overlapped}`;
    throw refused(publicRemoteUrl(pin.address), why);
  }
  const { address, commit } = pin;
  session.log.info(`the configuration is that of ${publicRemoteUrl(address)} at ${commit.slice(0, 12)}`);
  for (const line of delegated.lines) session.log.info(line);
  const known = new Map([[written, pin]]);
  return {
    config: delegated.config,
    context: { ...(await pinRepositories(context, delegated.config, ports, session, known)), main: pin },
  };
}

/** Reads the `.gitpod.yml` of the repository that another one names. */
async function readMain(
  written: string,
  { address, commit }: Pin,
  { others }: Ports,
  session: Session,
): Promise<WorkspaceConfig> {
  const url = publicRemoteUrl(address);
  await using fetched = await others.fetch(address, commit, 'observe', session);
  const repository = openRepository(fetched.directory, session.settings);
  for (const path of GITPOD_FILE_NAMES) {
    const text = await repository.readFile(commit, path, session);
    if (text === undefined) continue;
    const name = contextUrl(written)?.name ?? written;
    const config = takeConfig({ path: `${url} ${path}`, text }, name, session);
    refuseUnfit(config, url);
    return config;
  }
  throw refused(url, `it has no ${GITPOD_FILE_NAMES.join(' or ')} at commit ${commit.slice(0, 12)}`);
}

function refuseUnfit({ mainConfiguration }: WorkspaceConfig, url: string): void {
  if (mainConfiguration !== undefined)
    throw refused(url, `its own mainConfiguration leads on to ${publicRemoteUrl(mainConfiguration)}`);
}

function refused(url: string, why: string): PreheatError {
  return new PreheatError(`cannot use the mainConfiguration ${url}: ${why}`, {
    phase: 'config',
    code: 'config-invalid',
    hint: 'Name a repository whose .gitpod.yml stands by itself and gives each repository a folder of its own.',
  });
}
