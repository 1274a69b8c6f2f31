import type { InputOption } from '../config/input-option.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { isWork } from './task-work.ts';

/** What is declared of the inputs of the step that all tasks share. */
export type DeclaredInputs =
  | { readonly rule: 'declared'; readonly inputs: readonly string[] }
  /** `undeclared` names the tasks that keep the declarations of others from counting; none where nothing is declared. */
  | { readonly rule: 'whole-tree'; readonly undeclared: readonly string[] };

type Tasks = Pick<WorkspaceConfig, 'tasks'>;

/**
 * Joins what the option declares, for all tasks or for some, and what comments declare for each. All tasks run together,
 * so one that may read anything makes the whole tree an input of the step.
 */
export function declaredInputs({ tasks }: Tasks, { forAll, ofTask }: InputOption): DeclaredInputs {
  const working = tasks.filter(isWork).map(({ name, inputs }) => {
    const more = ofTask.get(name);
    return { name, inputs: inputs === undefined ? more : [...inputs, ...(more ?? [])] };
  });
  const undeclared = forAll.length > 0 ? [] : working.filter(({ inputs }) => inputs === undefined);
  const inputs = [...new Set([...forAll, ...working.flatMap((task) => task.inputs ?? [])])].toSorted();
  if (working.length > 0 && undeclared.length === 0) return { rule: 'declared', inputs };
  return { rule: 'whole-tree', undeclared: inputs.length === 0 ? [] : undeclared.map(({ name }) => name) };
}

/** The names in the option that no task has: what they declare would count for nothing, without a word. */
export function unknownTasks({ tasks }: Tasks, { ofTask }: InputOption): readonly string[] {
  return [...ofTask.keys()].filter((name) => tasks.every((task) => task.name !== name));
}
