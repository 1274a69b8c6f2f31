import type { Tell } from '../finding.ts';
import { normalInputs } from '../input-list.ts';
import { inputsIn, isAddressed } from '../task-inputs.ts';
import { lineCommentsIn } from './jsonc-comments.ts';

/** What comments `// preheat: inputs=…` declare, wherever they stand: all commands of the file are one task. */
export function declaredInputs(text: string, tell: Tell): readonly string[] {
  return normalInputs(
    lineCommentsIn(text)
      .filter(isAddressed)
      .flatMap((comment) => inputsIn(comment, tell)),
  );
}
