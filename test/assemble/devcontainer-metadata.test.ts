import assert from 'node:assert/strict';
import { devcontainerMetadata } from '../../src/assemble/devcontainer-metadata.ts';
import type { Port, WorkspaceConfig } from '../../src/config/workspace-config.ts';
import { workspaceConfig } from '../image/host-workspace.ts';

const PLAIN = {
  remoteUser: 'gitpod',
  updateRemoteUserUID: false,
  overrideCommand: true,
  postStartCommand: '/.preheat/start true',
};

function port(first: number, last = first, more: Partial<Port> = {}): Port {
  return { first, last, onOpen: 'notify', visibility: 'private', ...more };
}

function snippets(more: Partial<WorkspaceConfig>, inherited?: string): unknown {
  return JSON.parse(
    devcontainerMetadata({ ...workspaceConfig('/workspace/app', []), ...more }, 'gitpod', inherited),
  );
}

describe('devcontainerMetadata', () => {
  it('names the user and how the tasks are started', () => {
    assert.deepEqual(snippets({}), [PLAIN]);
  });

  it('forwards single ports and describes all of them', () => {
    const ports = [
      port(3000, 3000, { name: 'web', onOpen: 'open-browser' }),
      port(5000, 5010, { onOpen: 'open-preview' }),
      port(5432, 5432, { description: 'database', onOpen: 'ignore' }),
      port(9229, 9229, { onOpen: 'ignore-completely', protocol: 'https' }),
    ];
    assert.deepEqual(snippets({ ports }), [
      {
        ...PLAIN,
        forwardPorts: [3000, 5432],
        portsAttributes: {
          '3000': { label: 'web', onAutoForward: 'openBrowser' },
          '5000-5010': { onAutoForward: 'openPreview' },
          '5432': { label: 'database', onAutoForward: 'silent' },
          '9229': { onAutoForward: 'ignore', protocol: 'https' },
        },
      },
    ]);
  });

  it('names extensions by id, with a version, or by address', () => {
    const extensions = ['pub.a', 'pub.b@1.2.3', 'pub.c@1.2.3:AbC=', 'https://example.com/d.vsix'];
    assert.deepEqual(snippets({ extensions }), [
      {
        ...PLAIN,
        customizations: {
          vscode: { extensions: ['pub.a', 'pub.b@1.2.3', 'pub.c@1.2.3', 'https://example.com/d.vsix'] },
        },
      },
    ]);
  });

  it('names the plugins of JetBrains’ editors, each once', () => {
    const jetbrains = {
      plugins: ['a.b', 'c.d'],
      editors: {
        goland: { plugins: ['c.d', 'e.f'], prebuilds: 'stable' as const },
        intellij: { plugins: [], vmoptions: '-Xmx4g' },
      },
    };
    assert.deepEqual(snippets({ jetbrains }), [
      { ...PLAIN, customizations: { jetbrains: { plugins: ['a.b', 'c.d', 'e.f'] } } },
    ]);
  });

  it('hands on what a devcontainer.json tells clients, as it is written there', () => {
    const portsAttributes = { '.+\\.js': { label: 'any' }, '3000': { label: 'web' } };
    const customizations = { vscode: { extensions: ['pub.a'], settings: { x: 1 } }, other: {} };
    const clients = { portsAttributes, customizations, postAttachCommand: 'echo ${localEnv:USER}' };
    const ports = [port(3000, 3000, { name: 'web' })];
    const found = snippets({ ports, extensions: ['pub.a'], clients });
    assert.deepEqual(found, [{ ...PLAIN, forwardPorts: [3000], ...clients }]);
  });

  it('stands behind what the base image says', () => {
    assert.deepEqual(snippets({}, '[{"remoteUser":"node"}]'), [{ remoteUser: 'node' }, PLAIN]);
    assert.deepEqual(snippets({}, '{"remoteUser":"node"}'), [{ remoteUser: 'node' }, PLAIN]);
    assert.deepEqual(snippets({}, '{'), [PLAIN]);
  });
});
