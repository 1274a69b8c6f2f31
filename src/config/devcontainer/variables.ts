import { aboutValue, pathText, type NodePath, type Tell } from '../finding.ts';

/** What variables of a `devcontainer.json` mean in an image: https://containers.dev/implementors/json_reference/#variables-in-devcontainerjson */
export interface KnownVariables {
  /** The name of the repository, which is that of the folder into which people clone it. */
  readonly localWorkspaceFolderBasename: string;
  /** Absent where it is not known yet. */
  readonly containerWorkspaceFolder?: string;
}

/** A part of a value: text as it is, or what stands in the container's environment. */
export type ValuePart = string | { readonly containerEnv: string; readonly otherwise: string | undefined };

/** A variable that has no answer here. */
interface Unanswered {
  readonly written: string;
  readonly why: string;
  readonly suggestion?: string;
}

const REFERENCE = /\$\{([^{}]*)\}/g;

/**
 * The parts of a value with the variables in it answered. What else is written in `${…}` is a shell's, and stays. Of
 * what has no answer `onUnanswered` is told.
 */
export function valueParts(
  text: string,
  known: KnownVariables,
  onUnanswered: (variable: Unanswered) => void,
): readonly ValuePart[] {
  const parts: ValuePart[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const answer = answerOf(match[0], match[1] ?? '', known);
    parts.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (typeof answer === 'object' && 'why' in answer) onUnanswered(answer);
    else parts.push(answer);
  }
  return [...parts, text.slice(end)].filter((part) => part !== '');
}

function answerOf(written: string, inner: string, known: KnownVariables): ValuePart | Unanswered {
  const [kind = '', name = '', otherwise] = inner.split(':');
  if (kind === 'env' || kind === 'localEnv') return otherwise ?? unansweredEnv(written, name);
  if (kind === 'containerEnv') return { containerEnv: name, otherwise };
  const folder = folderAnswer(kind, known);
  if (folder !== undefined) return folder;
  const why = Object.hasOwn(NEVER_ANSWERED, kind) ? NEVER_ANSWERED[kind] : undefined;
  return why === undefined ? written : { written, why };
}

function folderAnswer(kind: string, known: KnownVariables): string | undefined {
  switch (kind) {
    case 'localWorkspaceFolderBasename':
      return known.localWorkspaceFolderBasename;
    case 'containerWorkspaceFolder':
      return known.containerWorkspaceFolder;
    case 'containerWorkspaceFolderBasename':
      return known.containerWorkspaceFolder?.replace(/^.*\//, '');
    default:
      return undefined;
  }
}

const NEVER_ANSWERED: Readonly<Record<string, string>> = {
  localWorkspaceFolder: 'there is no folder on the machine of whoever starts the image',
  devcontainerId: 'one image serves many containers',
  containerWorkspaceFolder: 'it is what is told here',
  containerWorkspaceFolderBasename: 'it is what is told here',
};

function unansweredEnv(written: string, name: string): Unanswered {
  const why = 'a build knows nothing of the machine of whoever starts the image';
  return { written, why, suggestion: `give it a default: \${localEnv:${name}:…}` };
}

/**
 * The text that a value means. What has no answer is an error: the image would be another one than was meant.
 */
export function answered(text: string, path: NodePath, known: KnownVariables, tell: Tell): string {
  const parts = valueParts(text, known, ({ written, why, suggestion }) =>
    tell(aboutValue('error', path, `${pathText(path)}: ${written} has no answer: ${why}`, suggestion)),
  );
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const message = `${pathText(path)}: \${containerEnv:${part.containerEnv}} is answered in "remoteEnv" alone`;
      tell(aboutValue('error', path, message, `let the shell answer it: $${part.containerEnv}`));
      return '';
    })
    .join('');
}
