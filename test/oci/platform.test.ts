import assert from 'node:assert/strict';
import { formatPlatform, parsePlatform, platformMatches } from '../../src/oci/platform.ts';

describe('parsePlatform', () => {
  for (const [text, meant] of [
    ['linux/amd64', 'linux/amd64'],
    ['Linux/AMD64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v3'],
    ['linux/aarch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/v9', 'linux/arm64/v9'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/arm/v6', 'linux/arm/v6'],
    ['linux/riscv64', 'linux/riscv64'],
  ] as const) {
    it(`takes ${text} for ${meant}`, () => {
      assert.equal(formatPlatform(parsePlatform(text)), meant);
    });
  }

  for (const text of ['', 'linux', 'linux/', '/amd64', 'linux/amd64/', 'linux/arm/v7/x']) {
    it(`refuses "${text}"`, () => {
      assert.throws(() => parsePlatform(text), RangeError);
    });
  }
});

describe('platformMatches', () => {
  const runs = (offered: string, wanted: string): boolean => {
    const [os = '', architecture = '', variant] = offered.split('/');
    return platformMatches({ os, architecture, ...(variant && { variant }) }, parsePlatform(wanted));
  };

  for (const [offered, wanted] of [
    ['linux/amd64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64', 'linux/amd64/v3'],
    ['linux/amd64/v2', 'linux/amd64/v3'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm/v6', 'linux/arm/v7'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/mips64le/hardfloat', 'linux/mips64le/hardfloat'],
  ] as const) {
    it(`lets ${offered} run on ${wanted}`, () => assert.equal(runs(offered, wanted), true));
  }

  for (const [offered, wanted] of [
    ['linux/amd64/v3', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v2'],
    ['linux/arm64', 'linux/amd64'],
    ['windows/amd64', 'linux/amd64'],
    ['linux/arm/v7', 'linux/arm/v6'],
    ['linux/mips64le/softfloat', 'linux/mips64le/hardfloat'],
  ] as const) {
    it(`does not let ${offered} run on ${wanted}`, () => assert.equal(runs(offered, wanted), false));
  }
});
