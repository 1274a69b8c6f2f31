import { nearestWord } from '../config/nearest-word.ts';
import { renderDiagnostics } from '../config/render-diagnostics.ts';
import { unmetInputs } from '../config/unmet-inputs.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { DeclaredAnswers } from '../observe/facts.ts';
import type { InputAnswer } from '../observe/input-answer.ts';
import { answerInputs } from '../observe/inputs/answer-inputs.ts';
import type { InputSources } from '../observe/inputs/input-sources.ts';
import { declaredInputs, unknownTasks } from '../plan/declared-inputs.ts';
import { findConfig } from './find-config.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** What the inputs of a push are answered from: its commit's objects, and what else lies in its checkout. */
export function inputSourcesOf(
  { commit, laid }: Pick<InputSources, 'commit' | 'laid'>,
  { contextTree }: Ports,
): InputSources {
  return { tree: contextTree, commit, laid };
}

/** What the commit answers to the inputs that are declared; `undefined` where the whole tree is the input. */
export async function answerDeclared(
  config: WorkspaceConfig,
  sources: InputSources,
  { repository }: Ports,
  session: Session,
): Promise<DeclaredAnswers | undefined> {
  const { settings, log, signal } = session;
  const declared = declaredInputs(config, settings.inputs);
  tellUnknown(config, session);
  if (declared.rule === 'whole-tree') {
    if (declared.undeclared.length > 0) {
      const names = declared.undeclared.join(', ');
      log.warn(
        `inputs: ${names} declares none, so that the whole tree counts for all tasks, which run together`,
      );
    }
    return undefined;
  }
  const inputs = [...declared.inputs];
  return log.step('inputs', async (step) => {
    const answers = await answerInputs(inputs, sources, { signal });
    await tellUnmet(answers, sources, repository, session);
    step.conclude(
      `${inputs.length} declared: ${inputs.slice(0, 5).join(', ')}${inputs.length > 5 ? ', …' : ''}`,
    );
    return { inputs, answers: [...answers] };
  });
}

function tellUnknown(config: WorkspaceConfig, { settings, log }: Session): void {
  const names = config.tasks.map(({ name }) => name);
  for (const unknown of unknownTasks(config, settings.inputs)) {
    const near = nearestWord(unknown, names);
    const meant = near === undefined ? `there are ${names.join(', ') || 'none'}` : `did you mean ${near}?`;
    log.warn(
      `inputs: no task is named ${JSON.stringify(unknown)}, so that what it reads does not count; ${meant}`,
    );
  }
}

/** A name that is misspelt would let the step be reused where it must run; shown where it is written. */
async function tellUnmet(
  answers: readonly InputAnswer[],
  { commit }: InputSources,
  repository: Ports['repository'],
  session: Session,
): Promise<void> {
  const { log } = session;
  const faults = new Map(answers.flatMap(faultOf));
  if (faults.size === 0) return;
  const file = await findConfig(commit, repository, session);
  const drawn = unmetInputs(file, faults);
  if (drawn.length > 0) log.warn(renderDiagnostics(file.path, drawn, { color: false }).trimEnd());
  const shown = new Set(drawn.map(({ message }) => message));
  for (const fault of faults.values()) if (!shown.has(fault)) log.warn(fault);
}

function faultOf({ asked, kind, members }: InputAnswer): readonly (readonly [string, string])[] {
  const name = Buffer.from(asked, 'latin1').toString('utf8');
  if (kind === 'matches' && members?.length === 0)
    return [[name, `inputs: ${name} matches nothing in this commit`]];
  return kind === 'absent' ? [[name, `inputs: ${name} is not in this commit`]] : [];
}
