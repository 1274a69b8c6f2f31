import { appended } from './edits.ts';
import { manyFilesClone, MANY_FILES } from './many-files-clone.ts';
import { editedSubject, type SubjectKind } from './subject.ts';

const BASE = 'debian:bookworm';
const INIT = 'echo built > /opt/built';

/** A large repository and a task that is done at once: what is measured is the handling of the sources. */
export const MANY: SubjectKind = {
  name: 'many-files',
  title: `${MANY_FILES.toLocaleString('en')} tracked files on \`${BASE}\`: \`${INIT}\``,
  bases: [BASE],
  changes: ['docs-only', 'source-only'],
  unread: ['docs-only', 'source-only'],
  async make(nameOf) {
    const clone = await manyFilesClone(nameOf(BASE));
    const edits = {
      'docs-only': async () => ({ 'docs/notes.md': 'One more line.\n' }),
      'source-only': appended('packages/p1/src/module0/component-1.ts', '// One more line.'),
    };
    return editedSubject(clone, edits, async () => ({
      base: `FROM ${nameOf(BASE)}`,
      folder: '/workspace/app',
      init: INIT,
      parts: [{ copies: [], run: INIT }],
    }));
  },
};
