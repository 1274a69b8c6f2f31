import assert from 'node:assert/strict';
import { workspaceVariables } from '../../src/kernel/workspace-variables.ts';

describe('workspaceVariables', () => {
  it('names the workspace after its checkout, in the characters of host names', () => {
    const idOf = (checkoutLocation: string) =>
      workspaceVariables({ checkoutLocation, workspaceLocation: '/' })['GITPOD_WORKSPACE_ID'];
    assert.deepEqual(['/workspace/app', '/workspace/My_App.js/', '/workspace/-ü-', '/'].map(idOf), [
      'app',
      'my-app-js',
      'workspace',
      'workspace',
    ]);
  });
});
