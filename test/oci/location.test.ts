import assert from 'node:assert/strict';
import { formatImage, formatLocation, parseLocation } from '../../src/oci/location.ts';

describe('parseLocation', () => {
  for (const text of [
    'ghcr.io/team/app',
    'localhost:5000/app',
    '127.0.0.1:5000/a/b',
    'oci:/var/images',
    'oci:images',
  ]) {
    it(`reads ${text}`, () => assert.equal(formatLocation(parseLocation(text)), text));
  }

  for (const text of ['ghcr.io/team/app:latest', 'localhost:5000/app:1', 'oci:', '', 'UPPER case']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseLocation(text), RangeError));
  }

  it('names images by tag and by digest', () => {
    const location = parseLocation('localhost:5000/app');
    const digest = `sha256:${'a'.repeat(64)}`;
    assert.equal(formatImage(location, 'v1'), 'localhost:5000/app:v1');
    assert.equal(formatImage(location, digest), `localhost:5000/app@${digest}`);
  });
});
