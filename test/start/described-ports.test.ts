import assert from 'node:assert/strict';
import { portLines } from '../../src/cli/port-lines.ts';
import { descriptionOf, unpublishedPorts } from '../../src/start/described-ports.ts';
import { workspaceLabelOf } from '../../src/start/workspace-label.ts';
import { labelText } from './memory-store.ts';

const label = (ports: readonly object[]) =>
  workspaceLabelOf(
    {
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: [] },
      config: { Labels: { 'dev.preheat.workspace': labelText({ ports }) } },
    },
    'image',
  );

const LABEL = label([
  { first: 3000, last: 3010, onOpen: 'ignore', visibility: 'public', name: 'all' },
  { first: 3001, last: 3001, onOpen: 'open-browser', visibility: 'private', protocol: 'https', name: 'web' },
  { first: 4000, last: 4999, onOpen: 'notify', visibility: 'private', description: 'many' },
  { first: 9, last: 9, onOpen: 'ignore-completely' },
]);

describe('the ports of a workspace', () => {
  it('are told by their own entry, else by the range they lie in', () => {
    assert.equal(descriptionOf(LABEL, 3001).name, 'web');
    assert.deepEqual(descriptionOf(LABEL, 3002), { onOpen: 'ignore', visibility: 'public', name: 'all' });
    assert.deepEqual(descriptionOf(LABEL, 1), {});
  });

  it('are told too where they are not published', () => {
    assert.deepEqual(unpublishedPorts(LABEL), [
      { first: 4000, last: 4999, onOpen: 'notify', visibility: 'private', description: 'many' },
      { first: 9, last: 9, onOpen: 'ignore-completely', visibility: 'private' },
    ]);
  });

  it('have a line each', () => {
    const port = { hostPort: 1, url: 'http://127.0.0.1:1' };
    const ports = [
      { containerPort: 3001, ...port, answers: true, onOpen: 'notify', visibility: 'private', name: 'web' },
      {
        containerPort: 3002,
        ...port,
        answers: false,
        onOpen: 'open-preview',
        visibility: 'public',
        name: 'docs',
        description: 'the handbook',
      },
      { containerPort: 5, ...port, answers: true },
    ];
    assert.deepEqual(portLines({ ports, unpublished: [...unpublishedPorts(LABEL)] }), [
      'port 3001  http://127.0.0.1:1  web',
      'port 3002  http://127.0.0.1:1 (no answer yet)  docs, the handbook, open-preview, public',
      'port 5  http://127.0.0.1:1',
      'ports 4000-4999  not published  many',
      'port 9  not published  ignore-completely',
    ]);
  });
});
