import assert from 'node:assert/strict';
import { readConfig } from '../../src/config/read-config.ts';

/** What each task of a file declares, and what is told of the file. */
function declaredIn(text: string) {
  const { config, diagnostics } = readConfig(text, { repositoryName: 'app', strict: true });
  return {
    inputs: config?.tasks.map(({ inputs }) => inputs?.join()),
    told: diagnostics.map(({ message }) => message),
  };
}

describe('inputs in comments', () => {
  for (const [what, text] of [
    [
      'above dashes that are not indented',
      'tasks:\n# preheat: inputs=a\n- init: x\n# preheat: inputs=b\n- init: y\n',
    ],
    [
      'above, with other comments and lines between',
      'tasks:\n  # preheat: inputs=a\n\n  # why\n  - init: x\n  # preheat: inputs=b\n  - init: y\n',
    ],
    [
      'on the lines of the dashes',
      'tasks:\n  - init: x # preheat: inputs=a\n  - init: y # preheat: inputs=b\n',
    ],
    [
      'behind dashes',
      'tasks:\n  - # preheat: inputs=a\n    init: x\n  -   # preheat: inputs=b\n    init: y\n',
    ],
    [
      'below parts, the last one at the end of the file',
      'tasks:\n  - init: x\n    # preheat: inputs=a\n  - init: |\n      y\n    # preheat: inputs=b',
    ],
    [
      'within a list in brackets',
      'tasks: [\n  { init: x }, # preheat: inputs=a\n  { init: y, # preheat: inputs=b\n  },\n]\n',
    ],
    [
      'before another key',
      'tasks:\n  - init: x\n    # preheat: inputs=a\n  - init: y\n    # preheat: inputs=b\n\nports:\n  - port: 1\n',
    ],
  ] as const) {
    it(`belong to the task in which or above which they stand: ${what}`, () => {
      assert.deepEqual(declaredIn(text), { inputs: ['a', 'b'], told: [] });
    });
  }

  it('of one task are joined', () => {
    const text = 'tasks:\n  # preheat: inputs=b, a\n  - init: x # preheat: inputs = c,a\n';
    assert.deepEqual(declaredIn(text), { inputs: ['a,b,c'], told: [] });
  });

  it('are no text of scripts, names or quotes', () => {
    const text =
      'tasks:\n  - init: |\n      # preheat: inputs=a\n      x\n    name: "# preheat: inputs=b"\n    command: x#preheat:inputs=c\n';
    assert.deepEqual(declaredIn(text), { inputs: [undefined], told: [] });
  });

  it('belong to nobody elsewhere, and where there are no tasks', () => {
    for (const text of [
      '# preheat: inputs=a\ntasks:\n  - init: x\n',
      'tasks:\n  - init: x\n# preheat: inputs=a\nports: []\n',
      'ports: [] # preheat: inputs=a\n',
      '# preheat: inputs=a\nimage: x\n',
    ])
      assert.deepEqual(declaredIn(text).told, ['the inputs belong to no task'], text);
  });
});
