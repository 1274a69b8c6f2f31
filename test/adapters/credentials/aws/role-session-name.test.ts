import assert from 'node:assert/strict';
import fc from 'fast-check';
import { roleSessionName } from '../../../../src/adapters/credentials/aws/role-session-name.ts';

describe('the name of a role’s session', () => {
  it('tells repository and build', () => {
    assert.equal(roleSessionName(['app', '7']), 'preheat-app-7');
    assert.equal(roleSessionName([undefined, '']), 'preheat');
    assert.equal(roleSessionName(['a b/ç;c', '7']), 'preheat-a-b-c-7');
  });

  it('is one that AWS takes, whatever the pipeline says', () => {
    const part = fc.option(fc.string({ unit: 'binary', maxLength: 200 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(part), (parts) => assert.match(roleSessionName(parts), /^[\w+=,.@-]{2,64}$/)),
    );
  });
});
