import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { formatImage, formatLocation, type Location } from '../oci/location.ts';
import { parseReference } from '../oci/reference.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';
import type { Uploader } from '../publish/uploader.ts';
import type { RegistryExamination } from './examination.ts';
import type { NamedBase, RegistryTrial } from './registry-trial.ts';
import { stageTrialImage } from './trial-image.ts';
import { tried, type Tried } from './tried.ts';

export interface RegistryRequest {
  /** Which no other image has. */
  readonly tag: string;
  readonly platform: Platform;
  readonly base: NamedBase | undefined;
}

export interface RegistryPorts {
  readonly target: Pick<ContentStore, 'location' | 'readManifest' | 'readBlob'> & Pick<Uploader, 'upload'>;
  /** Absent for a layout on disk. */
  readonly trial: RegistryTrial | undefined;
  readonly openStaging: () => Promise<Staging & AsyncDisposable>;
  /** Where the credentials come from; `undefined` for none. */
  readonly credentialOrigin: (options: CallOptions) => Promise<string | undefined>;
}

type Asked = Extract<RegistryExamination, { readonly kind: 'registry' }>;

const DEADLINE_MS = 60_000;
/** A trial that was broken off gets so long to be taken back. */
const TAKE_BACK_MS = 15_000;

/**
 * Does with a tiny image all that builds do with a repository, one after the other, as each needs the one before. What
 * was pushed is removed again where the registry allows it, also when the run is interrupted.
 */
export async function examineRegistry(
  request: RegistryRequest,
  ports: RegistryPorts,
  options: CallOptions,
): Promise<RegistryExamination> {
  const { location } = ports.target;
  const { trial } = ports;
  if (location.kind === 'layout' || trial === undefined)
    return { kind: 'layout', location: formatLocation(location) };
  const ask = <T>(what: string, work: (call: CallOptions) => Promise<T>): Promise<Tried<T>> =>
    tried(what, work, { ...options, deadlineMs: DEADLINE_MS });
  const name = formatLocation(location);
  const credentials = await ask(`find credentials for ${name}`, ports.credentialOrigin);
  const exists = await ask(`look for ${name}`, async (call) => await trial.exists(call));
  const begun: Asked = { kind: 'registry', location: name, tag: request.tag, credentials, exists };
  // Who may push need not be allowed to list tags, which builds never do: only the push shows it.
  if (exists.kind === 'failed' && exists.code === 'unreachable') return begun;
  return { ...begun, ...(await tryPush(request, { ...ports, trial, location }, ask, options)) };
}

type Ask = <T>(what: string, work: (call: CallOptions) => Promise<T>) => Promise<Tried<T>>;
type Reached = RegistryPorts & { readonly trial: RegistryTrial; readonly location: Location };

async function tryPush(
  { tag, platform, base }: RegistryRequest,
  ports: Reached,
  ask: Ask,
  { signal }: CallOptions,
): Promise<Partial<Asked>> {
  const { target, trial, location } = ports;
  const image = formatImage(location, tag);
  const takeBack = async (): Promise<void> =>
    await trial.remove(tag, { signal: AbortSignal.timeout(TAKE_BACK_MS) }).catch(() => undefined);
  try {
    const push = await ask(`upload ${image}`, async (call) => {
      await using staging = await ports.openStaging();
      const config = await stageTrialImage(tag, platform, staging, call);
      await target.upload(staging.directory, tag, call);
      return config;
    });
    if (push.kind === 'failed') {
      // Where an answer was lost, it may be there all the same.
      if (push.code === 'unreachable') await takeBack();
      return { push };
    }
    const pull = await ask(`read ${image}`, async (call) => {
      const found = await target.readManifest(tag, call);
      return found !== undefined && (await target.readBlob(push.value, call)) !== undefined;
    });
    const referrers = await ask(
      `ask for the referrers of ${image}`,
      async (call) => await trial.hasReferrers(tag, call),
    );
    const mount = isNear(base, location)
      ? { base, mount: await ask(`mount ${base.reference}`, async (call) => await trial.mount(base, call)) }
      : {};
    const removal = await ask(`delete ${image}`, async (call) => await trial.remove(tag, call));
    return { push, pull, referrers, ...mount, removal };
  } catch (thrown) {
    if (signal.aborted) await takeBack();
    throw thrown;
  }
}

/** Only between repositories of one registry is anything mounted. */
function isNear(base: NamedBase | undefined, location: Location): base is NamedBase {
  if (base === undefined || location.kind !== 'registry') return false;
  const { registry, repository } = parseReference(base.reference);
  return registry === location.registry && repository !== location.repository;
}
