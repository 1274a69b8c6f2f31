import { javaStarter } from './java-starter.ts';
import { nodeStarter } from './node-starter.ts';
import { goStarter, makeStarter, phpStarter, rubyStarter, rustStarter } from './other-starters.ts';
import { pythonStarter } from './python-starter.ts';
import type { RepositoryLook, StarterTask } from './starter-task.ts';

/** A first configuration for a repository that has none. */
export interface StarterFile {
  /** Kinds of projects that were found, such as `npm`. */
  readonly kinds: readonly string[];
  /** The text of a `.gitpod.yml`. */
  readonly text: string;
}

const BY_PACKAGES = [
  nodeStarter,
  pythonStarter,
  javaStarter,
  goStarter,
  rustStarter,
  rubyStarter,
  phpStarter,
] as const;

/** Gitpod's image for everything. */
const FOR_ALL = 'gitpod/workspace-full';

/**
 * Writes a first `.gitpod.yml` that fits what lies in a repository: an image with its tools, and tasks that install its
 * packages, with their inputs declared where they can be told. `image` takes the place of the one that is proposed.
 */
export function starterFile(look: RepositoryLook, { image }: { readonly image?: string } = {}): StarterFile {
  const byPackages = BY_PACKAGES.flatMap((starter) => starter(look) ?? []);
  const tasks = byPackages.length > 0 ? byPackages : [makeStarter(look) ?? []].flat();
  const kinds = tasks.map(({ kind }) => kind);
  const [first] = tasks;
  const proposed = first !== undefined && tasks.length === 1 ? first.image : FOR_ALL;
  return { kinds, text: [...head(kinds), `image: ${image ?? proposed}`, ...tasksText(tasks), ''].join('\n') };
}

function head(kinds: readonly string[]): readonly string[] {
  const found =
    kinds.length === 0 ? 'Nothing was found that tells what to install.' : `Found: ${kinds.join(', ')}.`;
  return [
    `# A first configuration, from "preheat init". ${found}`,
    '# "init" runs in the build of the image, "command" whenever a workspace starts.',
  ];
}

function tasksText(tasks: readonly StarterTask[]): readonly string[] {
  if (tasks.length === 0)
    return ['# tasks:', '#   - init: what installs and builds', '#     command: what starts'];
  return ['tasks:', ...tasks.flatMap(taskText)];
}

function taskText({ kind, init, inputs, command, env = {} }: StarterTask): readonly string[] {
  const variables = Object.entries(env).map(([name, value]) => `      ${name}: '${value}'`);
  return [
    ...inputsText(inputs),
    `  - name: ${kind}`,
    ...(variables.length === 0 ? [] : ['    env:', ...variables]),
    `    init: ${init}`,
    ...(command === undefined ? [] : [`    command: ${command}`]),
  ];
}

function inputsText(inputs: StarterTask['inputs']): readonly string[] {
  if (typeof inputs === 'string') return [`  # Runs again on each push: ${inputs}.`];
  return [
    '  # All that "init" reads of the repository; while none of it changes, no push runs it again.',
    `  # preheat: inputs=${inputs.join(',')}`,
  ];
}
