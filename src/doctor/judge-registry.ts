import type { RegistryExamination } from './examination.ts';
import { failed, type Finding } from './finding.ts';
import type { MountResult } from './registry-trial.ts';
import type { Tried } from './tried.ts';

type Asked = Extract<RegistryExamination, { readonly kind: 'registry' }>;

/** Whether builds can read, write, mount and delete where workspace images are kept. */
export function judgeRegistry(examination: RegistryExamination): readonly Finding[] {
  if (examination.kind === 'layout') return [judgeLayout(examination.location)];
  const { push, pull, mount, referrers, removal } = examination;
  return [
    judgeCredentials(examination),
    ...judgeReach(examination),
    ...(push === undefined ? [] : [judgePush(push, examination)]),
    ...(pull === undefined ? [] : [judgePull(pull)]),
    ...(mount === undefined ? [] : [judgeMount(mount, examination)]),
    ...(referrers === undefined ? [] : [judgeReferrers(referrers)]),
    ...(removal === undefined ? [] : [judgeRemoval(removal, examination)]),
  ];
}

function judgeLayout(location: string): Finding {
  return {
    check: 'registry',
    mark: 'good',
    found: `none: workspace images are kept in ${location}`,
    why: 'only this machine can start from a folder on its disk',
    phase: 'publish',
  };
}

function judgeCredentials({ credentials, location }: Asked): Finding {
  const why = 'registries rarely let anybody push';
  const about = { check: 'credentials', why, phase: 'observe' } as const;
  if (credentials.kind === 'failed') return failed(about, credentials);
  const { value } = credentials;
  const found =
    value === undefined ? `none for ${location}: it is asked as nobody` : `for ${location} from ${value}`;
  return { ...about, mark: 'good', found };
}

/** A registry that refuses to list tags may take images all the same; whether it does, the push shows. */
function judgeReach({ exists, push, location }: Asked): readonly Finding[] {
  const about = {
    check: 'registry',
    why: 'images and records are looked up there',
    phase: 'observe',
  } as const;
  if (exists.kind === 'failed') return [failed(about, exists, push?.kind === 'done' ? 'warning' : 'bad')];
  const is = exists.value ? 'is there' : 'is not there yet';
  return [{ ...about, mark: 'good', found: `${location} ${is}` }];
}

function judgePush(push: Tried<unknown>, { exists, tag }: Asked): Finding {
  const about = { check: 'push', why: 'builds publish images and records', phase: 'publish' } as const;
  if (push.kind === 'failed') return failed(about, push);
  const isNew = exists.kind === 'done' && !exists.value;
  return { ...about, mark: 'good', found: `${tag} was pushed${isNew ? ', which made the repository' : ''}` };
}

function judgePull(pull: Tried<boolean>): Finding {
  const about = {
    check: 'pull',
    why: 'builds reuse what is published, and starts run it',
    phase: 'observe',
  } as const;
  if (pull.kind === 'failed') return failed(about, pull);
  if (pull.value) return { ...about, mark: 'good', found: 'what was pushed came back' };
  return {
    ...about,
    mark: 'bad',
    found: 'what was pushed is not there',
    change: 'Ask whoever runs the registry whether it keeps what it confirms, or answers from an old copy.',
  };
}

const MOUNTS: Readonly<Record<MountResult, string>> = {
  present: 'the repository has the base image already',
  mounted: 'the base image is mounted from its own repository',
  copied: 'the registry mounts no blobs of the base image',
};

function judgeMount(mount: Tried<MountResult>, { base }: Asked): Finding {
  const why = 'a base image that is mounted is never sent';
  const about = { check: 'mount', why, phase: 'publish' } as const;
  if (mount.kind === 'failed') return failed(about, mount, 'warning');
  const found = `${MOUNTS[mount.value]} (${base?.reference ?? ''})`;
  if (mount.value !== 'copied') return { ...about, mark: 'good', found };
  return {
    ...about,
    mark: 'warning',
    found,
    change: 'Let the account read the base image’s repository too.',
  };
}

function judgeReferrers(referrers: Tried<boolean>): Finding {
  const why = 'without the referrers API, those who attach at the same time lose what they attach';
  const about = { check: 'referrers', why, phase: 'publish' } as const;
  if (referrers.kind === 'failed') return failed(about, referrers, 'warning');
  const found = referrers.value
    ? 'the registry has the referrers API'
    : 'the registry has no referrers API; tags stand in for it, and builds need neither';
  return { ...about, mark: 'good', found };
}

function judgeRemoval(removal: Tried<unknown>, { location, tag }: Asked): Finding {
  const about = { check: 'delete', why: 'old images have to go some day', phase: 'publish' } as const;
  if (removal.kind === 'done')
    return { ...about, mark: 'good', found: `${tag} was deleted; nothing is left of it` };
  return {
    ...about,
    mark: 'warning',
    found: `${removal.message}; ${location}:${tag} stays (one empty file)`,
    change:
      'Give the account the right to delete, or turn deletion on in the registry; then delete that tag.',
  };
}
