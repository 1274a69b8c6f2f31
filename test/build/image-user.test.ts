import assert from 'node:assert/strict';
import { taskUserOf } from '../../src/build/image-user.ts';
import { PreheatError } from '../../src/kernel/failure.ts';

const PASSWD =
  'root:x:0:0:root:/root:/bin/bash\nnode:x:1000:1001::/home/node:/bin/sh\nodd:x:12:\n7:x:70:71::/seven:\n';
const GROUP = 'root:x:0:\nwheel:x:10:node\n';

const CASES: readonly (readonly [
  configured: string,
  name: string,
  uid: number,
  gid: number,
  home: string,
  execAs: string,
])[] = [
  ['', 'root', 0, 0, '/root', '0'],
  ['root', 'root', 0, 0, '/root', 'root'],
  ['node', 'node', 1000, 1001, '/home/node', 'node'],
  ['1000', 'node', 1000, 1001, '/home/node', '1000'],
  ['node:wheel', 'node', 1000, 10, '/home/node', 'node:wheel'],
  ['1000:44', 'node', 1000, 44, '/home/node', '1000:44'],
  ['5000:5001', '5000', 5000, 5001, '/', '5000:5001'],
  ['5000', '5000', 5000, 0, '/', '5000'],
  ['7', '7', 70, 71, '/seven', '7'],
  [':wheel', 'root', 0, 10, '/root', '0:wheel'],
];

describe('taskUserOf', () => {
  for (const [configured, name, uid, gid, home, execAs] of CASES) {
    it(`reads the user "${configured}"`, () => {
      const found = taskUserOf({ passwd: PASSWD, group: GROUP }, configured);
      assert.deepEqual(found, { user: { name, uid, gid, home }, execAs });
    });
  }

  it('prefers gitpod with uid 33333, whatever is configured', () => {
    const passwd = `${PASSWD}gitpod:x:33333:33333::/home/gitpod:/bin/bash\n`;
    assert.deepEqual(taskUserOf({ passwd }, 'node'), {
      user: { name: 'gitpod', uid: 33333, gid: 33333, home: '/home/gitpod' },
      execAs: 'gitpod',
    });
  });

  it('takes whom a devcontainer.json means, even in an image that has gitpod', () => {
    const passwd = `${PASSWD}gitpod:x:33333:33333::/home/gitpod:/bin/bash\n`;
    assert.equal(taskUserOf({ passwd }, 'node', 'configured').user.name, 'node');
  });

  it('takes no other account of that name for it', () => {
    const passwd = `${PASSWD}gitpod:x:1001:1001::/home/gitpod:/bin/bash\n`;
    assert.equal(taskUserOf({ passwd }, 'node').user.name, 'node');
  });

  it('is root in an image without account files', () => {
    const user = { name: '0', uid: 0, gid: 0, home: '/root' };
    assert.deepEqual(taskUserOf({}, ''), { user, execAs: '0' });
  });

  for (const [configured, part] of [
    ['nobody-here', 'user "nobody-here"'],
    ['node:nogroup', 'group "nogroup"'],
  ] as const) {
    it(`names what the image does not know in "${configured}"`, () => {
      assert.throws(
        () => taskUserOf({ passwd: PASSWD, group: GROUP }, configured),
        (thrown) =>
          thrown instanceof PreheatError && thrown.phase === 'build' && thrown.message.includes(part),
      );
    });
  }
});
