import { parseInputs } from './input-list.ts';

/** What `--inputs` declares: for all tasks together, and for some by their names. */
export interface InputOption {
  readonly forAll: readonly string[];
  readonly ofTask: ReadonlyMap<string, readonly string[]>;
}

/** Nothing is declared. */
export const NO_INPUTS: InputOption = { forAll: [], ofTask: new Map() };

/**
 * Reads lists of inputs, parted by `;`: one without a name is for all tasks, one such as `Build=package.json,src/**` for
 * the task of that name. A path that holds `=` is written with `./` before it. Throws `RangeError` as
 * {@link parseInputs}, and for a name without a list.
 */
export function parseInputOption(text: string): InputOption {
  const forAll = new Set<string>();
  const ofTask = new Map<string, readonly string[]>();
  for (const part of text.split(';').filter((each) => each.trim() !== '')) {
    const [, name, list] = /^\s*([^=./][^=]*?)\s*=(.*)$/s.exec(part) ?? [];
    if (name === undefined || list === undefined) for (const input of parseInputs(part)) forAll.add(input);
    else ofTask.set(name, [...(ofTask.get(name) ?? []), ...inputsOf(name, list)]);
  }
  if (forAll.size === 0 && ofTask.size === 0) throw new RangeError('names no path');
  return { forAll: [...forAll].toSorted(), ofTask };
}

function inputsOf(name: string, list: string): readonly string[] {
  if (list.trim() === '') throw new RangeError(`names no path for the task ${JSON.stringify(name)}`);
  return parseInputs(list);
}
