import assert from 'node:assert/strict';
import { configuredUserOf } from '../../src/build/configured-user.ts';
import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import type { ImageConfig } from '../../src/oci/image-config.ts';

/** Whom a configuration means on a base whose `USER` is `own` and whose label says this. */
function userOf(user: WorkspaceConfig['user'], own: string, ...label: readonly object[]): string {
  const labels = label.length === 0 ? {} : { Labels: { 'devcontainer.metadata': JSON.stringify(label) } };
  const base: ImageConfig = {
    os: 'linux',
    architecture: 'amd64',
    config: { User: own, ...labels },
    rootfs: { type: 'layers', diff_ids: [] },
  };
  return configuredUserOf(user === undefined ? {} : { user }, base);
}

describe('configuredUserOf', () => {
  it('is the base’s own without a devcontainer.json, whatever its label says', () => {
    assert.equal(userOf(undefined, 'root', { remoteUser: 'vscode' }), 'root');
  });

  it('is the last remoteUser of label and file, else the last containerUser, else the base’s own', () => {
    const label = [{ remoteUser: 'vscode' }, { id: 'feature' }, { remoteUser: 'node' }] as const;
    assert.equal(userOf({}, 'root', ...label), 'node');
    assert.equal(userOf({ remoteUser: 'dev' }, 'root', ...label), 'dev');
    assert.equal(userOf({ containerUser: 'dev' }, 'root', ...label), 'node');
    assert.equal(userOf({ containerUser: 'dev' }, 'root', { containerUser: 'x' }), 'dev');
    assert.equal(userOf({}, 'root', { containerUser: 'x' }), 'x');
    assert.equal(userOf({}, '1000:1000'), '1000:1000');
    assert.equal(userOf({}, 'own', { remoteUser: 7 }), 'own');
  });
});
