import assert from 'node:assert/strict';
import { readConfig } from '../../src/config/read-config.ts';

interface Edge {
  readonly file: string;
  /** `severity line:column message`, each. */
  readonly found: readonly string[];
  /** Whether Gitpod (js-yaml 3, tried) took the file. */
  readonly taken: boolean;
}

/** Where YAML 1.1, as Gitpod read it, and YAML 1.2 differ, and what people write by accident. */
const EDGES: Readonly<Record<string, Edge>> = {
  'a merge key': { file: 'tasks: [{<<: {init: a}, name: b}]', found: [], taken: true },
  'Windows line ends': { file: 'tasks:\r\n  - init: |\r\n      a\r\n', found: [], taken: true },
  'a byte order mark': { file: '\uFEFFtasks:\n- init: a', found: [], taken: true },
  'words of YAML 1.1 for booleans': { file: 'env: {A: yes, B: no, C: on, D: y}', found: [], taken: true },
  'a tab as indentation': {
    file: 'tasks:\n\t- init: a',
    found: ['error 2:1 a tab is used for indentation, which YAML does not allow'],
    taken: true,
  },
  'an octal number': {
    file: 'tasks: [{init: a, env: {A: 010}}]',
    found: ['warning 1:28 010 is read as the number 10; Gitpod read 8'],
    taken: true,
  },
  'a number in sixties, as a name': {
    file: 'tasks: [{init: a, name: 22:59}]',
    found: ['warning 1:25 22:59 is read as text; Gitpod read the number 1379'],
    taken: false,
  },
  'a number in sixties, as any value': {
    file: 'tasks: [{init: a, env: {A: 22:59.5}}]',
    found: ['warning 1:28 22:59.5 is read as text; Gitpod read the number 1379.5'],
    taken: true,
  },
  'a binary number, as a name': {
    file: 'tasks: [{init: a, name: 0b101}]',
    found: ['warning 1:25 0b101 is read as text; Gitpod read the number 5'],
    taken: false,
  },
  'a number with underscores, as a name': {
    file: 'tasks: [{init: a, name: 1_000}]',
    found: ['warning 1:25 1_000 is read as text; Gitpod read the number 1000'],
    taken: false,
  },
  'a date': {
    file: 'image: 2022-04-14',
    found: ['warning 1:8 2022-04-14 is read as text; Gitpod read a date'],
    taken: false,
  },
  'a time': {
    file: 'tasks: [{init: a, name: 2022-04-14 10:00:00}]',
    found: ['warning 1:25 2022-04-14 10:00:00 is read as text; Gitpod read a date'],
    taken: false,
  },
  'a date, as any value': {
    file: 'tasks: [{init: a, env: {A: 2022-04-14}}]',
    found: ['warning 1:28 2022-04-14 is read as text; Gitpod read a date'],
    taken: true,
  },
  'a date in quotes': { file: 'tasks: [{init: a, name: "2022-04-14"}]', found: [], taken: true },
  'a duplicate key': {
    file: 'image: a\nimage: b',
    found: ['error 2:1 duplicate key "image": it stands in this map already'],
    taken: false,
  },
  'two documents': {
    file: 'image: a\n---\nimage: b',
    found: ['error 2:1 a second document begins here, and the file may hold only one'],
    taken: false,
  },
  'one document with both marks': { file: '---\nimage: a\n...\n', found: [], taken: true },
  'an alias without an anchor': {
    file: 'image: *a',
    found: ['error 1:8 no anchor "a" is set before this alias'],
    taken: false,
  },
  'an alias': { file: 'tasks: [{name: &a b, init: *a}]', found: [], taken: true },
  'a merge of no map': {
    file: 'env: {<<: [1]}',
    found: ['error 1:7 a merge key "<<" takes a map, an alias of a map, or a list of these'],
    taken: false,
  },
  'a tag of its own': {
    file: 'image: !docker a',
    found: ['warning 1:8 YAML: unresolved tag: !docker'],
    taken: false,
  },
  'a control character': {
    file: 'tasks: [{init: "a\u001Bb"}]',
    found: ['warning 1:18 a control character stands here, and YAML allows none'],
    taken: false,
  },
  'an unclosed bracket': {
    file: 'tasks: [{init: a}',
    found: [
      'error 1:18 YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    taken: false,
  },
};

describe('edges of YAML', () => {
  for (const [what, { file, found, taken }] of Object.entries(EDGES)) {
    it(`${what} is told: ${found.length === 0 ? 'nothing' : found.join('; ')}`, () => {
      const { diagnostics } = readConfig(file, { repositoryName: 'app' });
      assert.deepEqual(
        diagnostics.map(({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`),
        found,
      );
      for (const { frame } of diagnostics) assert.match(frame, /\^/);
    });

    // Gitpod took tabs, with which YAML cannot be read for sure.
    const isTaken = taken && what !== 'a tab as indentation';
    it(`${what} is ${isTaken ? 'taken' : 'refused'} when strict`, () => {
      const { config } = readConfig(file, { repositoryName: 'app', strict: true });
      assert.equal(config !== undefined, isTaken);
    });
  }
});
