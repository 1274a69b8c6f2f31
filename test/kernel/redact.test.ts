import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createRedactor } from '../../src/kernel/redact.ts';

describe('redactor', () => {
  it('masks a secret as it is, in base64 and percent-encoded', () => {
    const redactor = createRedactor();
    redactor.add('p@ss word/1');
    const leaks = [
      'p@ss word/1',
      Buffer.from('p@ss word/1').toString('base64'),
      encodeURIComponent('p@ss word/1'),
    ];
    for (const leak of leaks) assert.equal(redactor.redact(`<${leak}>`), '<********>');
  });

  it('masks the part of an encoded text that is secret', () => {
    const redactor = createRedactor();
    redactor.add('p@ss word/1');
    const encoded = Buffer.from('user:p@ss word/1\n').toString('base64');
    const shown = Buffer.from(redactor.redact(encoded).replaceAll('*', ''), 'base64').toString('latin1');
    assert.ok(!shown.includes('ss wor'), shown);
    assert.equal(redactor.redact(JSON.stringify({ x: 'p@ss word/1' })), '{"x":"********"}');
  });

  it('masks what base64 makes of a long secret when it is broken into lines', () => {
    const secret = Buffer.from(Array.from({ length: 200 }, (_, at) => (at * 89 + 7) % 251)).toString('hex');
    const redactor = createRedactor();
    redactor.add(secret);
    for (const width of [64, 76]) {
      for (const before of ['', 'm', 'me', 'me:', 'somebody@example.org:']) {
        const encoded = Buffer.from(`${before}${secret}\n`).toString('base64');
        const wrapped = encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
        const shown = wrapped.map((line) => redactor.redact(`  ${line}`));
        const left = shown.join('').replaceAll(/[* ]/g, '');
        // A group of base64 holds what stands beside the secret too; a rest of a line says no more than a few bytes.
        assert.ok(left.length <= Math.ceil(before.length / 3) * 4 + 12, shown.join('\n'));
      }
    }
    const other = Buffer.from('nothing of it is secret, and it is long too').toString('base64');
    assert.equal(redactor.redact(other), other);
  });

  it('masks each line of a secret of several lines', () => {
    const redactor = createRedactor();
    redactor.add('-----BEGIN KEY-----\nabcdef\n-----END KEY-----');
    assert.equal(redactor.redact('got abcdef here'), 'got ******** here');
    redactor.add(String.raw`-----BEGIN KEY-----\nghijkl\n-----END KEY-----`);
    assert.equal(redactor.redact('got ghijkl here'), 'got ******** here');
  });

  it('masks a secret that was pasted with white space around it', () => {
    for (const secret of [
      'hunter22 ',
      ' hunter22',
      'hunter22\r',
      '\thunter22\n',
      'first-line \r\n  hunter22 \r\n',
    ]) {
      const redactor = createRedactor();
      redactor.add(secret);
      assert.match(redactor.redact('got hunter22.'), /^got ?\*{8}\.$/, JSON.stringify(secret));
    }
  });

  it('masks the longer of two secrets that contain each other', () => {
    const redactor = createRedactor();
    redactor.add('token');
    redactor.add('token-and-more');
    assert.equal(redactor.redact('x token-and-more y'), 'x ******** y');
  });

  it('leaves short words alone', () => {
    const redactor = createRedactor();
    redactor.add('abc');
    assert.equal(redactor.redact('abc'), 'abc');
  });

  it('lets no registered secret through, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9]{8,20}$/),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          const redactor = createRedactor();
          redactor.add(secret);
          assert.ok(!redactor.redact(`${before}${secret}${after}`).includes(secret));
        },
      ),
    );
  });
});
