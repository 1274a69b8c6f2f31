import type { CloneFacts } from './clone-examiner.ts';
import type { CloneExamination } from './examination.ts';
import { failed, type Finding } from './finding.ts';
import type { Tried } from './tried.ts';

const OLDEST_GIT = [2, 31] as const;

/** Whether git is recent enough, the commit is to be had, and its configuration and what that names can be read. */
export function judgeClone({ git, clone, commit, config, others }: CloneExamination): readonly Finding[] {
  return [
    judgeGit(git),
    ...(clone === undefined ? [] : [judgeCopy(clone, commit)]),
    ...(config === undefined ? [] : [judgeConfig(config)]),
    ...(others === undefined ? [] : [judgeOthers(others)]),
  ];
}

function judgeOthers(others: Tried<number>): Finding {
  const why = 'their checkouts are in the image, or their configuration is the one that counts';
  const about = { check: 'repositories', why, phase: 'observe' } as const;
  if (others.kind === 'failed') return failed(about, others);
  const found = others.value === 1 ? 'the other one can be read' : `all ${others.value} others can be read`;
  return { ...about, mark: 'good', found };
}

function judgeConfig(config: Tried<string>): Finding {
  const why = 'it says what a workspace is made of';
  const about = { check: 'configuration', why, phase: 'config' } as const;
  if (config.kind === 'failed') return failed(about, config);
  return { ...about, mark: 'good', found: `${config.value} can be read` };
}

function judgeGit(git: Tried<string>): Finding {
  const why = 'it reads the commit and lays its files down';
  const about = { check: 'git', why, phase: 'observe' } as const;
  if (git.kind === 'failed') return failed(about, git);
  const found = `git ${git.value}`;
  if (isRecent(git.value)) return { ...about, mark: 'good', found };
  const oldest = OLDEST_GIT.join('.');
  return {
    ...about,
    mark: 'bad',
    found: `${found}, older than ${oldest}`,
    change: `Install git ${oldest} or newer.`,
  };
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1]);
}

function judgeCopy(clone: Tried<CloneFacts>, commit: Tried<string>): Finding {
  const about = {
    check: 'clone',
    why: 'sources, history and .gitpod.yml come from it',
    phase: 'event',
  } as const;
  if (commit.kind === 'failed') return failed({ ...about, phase: 'observe' }, commit);
  return { ...about, mark: 'good', found: `${placeOf(clone)} commit ${commit.value.slice(0, 12)}` };
}

/** What the clone lacks of the commit a build fetches, so that no kind of clone is a fault. */
function placeOf(clone: Tried<CloneFacts>): string {
  if (clone.kind === 'failed') return 'there is no clone here; the server of the repository has';
  const { directory, isShallow, filter } = clone.value;
  if (filter !== undefined) return `${directory}, a partial clone (${filter}), and the server together have`;
  return `${directory}${isShallow ? ', with a part of the history,' : ''} has`;
}
