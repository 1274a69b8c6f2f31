import { isSameJson } from '../kernel/canonical-json.ts';
import { DecidingAnswer, type InputAnswer } from '../observe/input-answer.ts';
import type { InputChange } from './build-plan.ts';

/**
 * What differs between two sets of answers, in the order of the paths. Groups are told by their members where both sides
 * list them.
 */
export function inputChanges(
  before: readonly InputAnswer[],
  after: readonly InputAnswer[],
): readonly InputChange[] {
  const [old, now] = [byQuestion(before), byQuestion(after)];
  const questions = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  return questions.flatMap((question) => changesOf(old.get(question), now.get(question)));
}

/** A link and what it leads to may share a name. */
function byQuestion(answers: readonly InputAnswer[]): ReadonlyMap<string, InputAnswer> {
  return new Map(
    answers.map((answer) => [`${answer.asked}\0${answer.kind === 'link' ? 'link' : ''}`, answer]),
  );
}

function changesOf(old: InputAnswer | undefined, now: InputAnswer | undefined): readonly InputChange[] {
  if (old === undefined || now === undefined) return onlyOnOneSide(old, now);
  if (isSameJson(DecidingAnswer.parse(old), DecidingAnswer.parse(now))) return [];
  const path = pathOf(now);
  if (old.members !== undefined && now.members !== undefined) return memberChanges(old.members, now.members);
  if (old.kind === 'absent')
    return now.kind === 'absent' ? [{ path, how: 'above' }] : [{ path, how: 'added' }];
  if (now.kind === 'absent') return [{ path, how: 'gone' }];
  if (old.kind !== now.kind) return [{ path, how: 'kind', before: old.kind, after: now.kind }];
  if (old.id !== now.id) return [{ path, how: 'content', ...ids(old.id, now.id) }];
  if (old.mode !== now.mode) return [{ path, how: 'mode', ...ids(old.mode, now.mode) }];
  return [{ path, how: 'attributes', ...ids(old.attributes, now.attributes) }];
}

/** What was not asked for on one side tells that the declaration changed. */
function onlyOnOneSide(old: InputAnswer | undefined, now: InputAnswer | undefined): readonly InputChange[] {
  if (now !== undefined)
    return [{ path: pathOf(now), how: now.kind === 'repository' ? 'added' : 'declared' }];
  if (old === undefined) return [];
  return [{ path: pathOf(old), how: old.kind === 'repository' ? 'gone' : 'no longer declared' }];
}

type Members = NonNullable<InputAnswer['members']>;

function memberChanges(before: Members, after: Members): readonly InputChange[] {
  const [old, now] = [new Map(before), new Map(after)];
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((name): readonly InputChange[] => {
    const path = readable(name);
    const [was, is] = [old.get(name), now.get(name)];
    if (was === is) return [];
    if (was === undefined) return [{ path, how: 'added' }];
    if (is === undefined) return [{ path, how: 'gone' }];
    return [memberChange(path, was.split(' '), is.split(' '))];
  });
}

function memberChange(path: string, was: readonly string[], is: readonly string[]): InputChange {
  if (was[1] !== is[1]) return { path, how: 'content', ...ids(was[1], is[1]) };
  if (was[0] !== is[0]) return { path, how: 'mode', ...ids(was[0], is[0]) };
  return { path, how: 'attributes', ...ids(was.slice(2).join(' '), is.slice(2).join(' ')) };
}

function ids(before: string | undefined, after: string | undefined): Pick<InputChange, 'before' | 'after'> {
  return { ...(before && { before }), ...(after && { after }) };
}

/** Another repository is told by its folder. */
function pathOf({ asked, kind }: InputAnswer): string {
  const path = readable(asked);
  return kind === 'repository' ? `repository ${path.replace(/^\/workspace\//, '')}` : path;
}

function readable(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('utf8');
}
