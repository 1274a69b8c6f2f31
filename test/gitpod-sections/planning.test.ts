import { BASES, openBases, type Bases } from './bases.ts';
import { CONSEQUENCES } from './consequences.ts';
import { LIFECYCLE } from './lifecycle.ts';
import { assertSection } from './section-document.ts';
import { askAll } from './statement.ts';

describe('a base image, as Gitpod’s users know it', () => {
  let bases: Bases;

  before(async () => {
    bases = await openBases();
  });
  after(async () => {
    await bases[Symbol.asyncDispose]();
  });

  it('is there, or is built again', async () => {
    const plain = (text: string): string => text.replaceAll(bases.host, 'REGISTRY');
    assertSection('5-bases', 'Base images', await askAll(BASES, bases, plain));
  });
});

describe('prebuilds, as Gitpod’s users know them', () => {
  const asItIs = (text: string): string => text;

  it('are made and taken', async () => {
    const seen = await askAll(LIFECYCLE, undefined, asItIs);
    assertSection('6-lifecycle', 'When images are made, and which are taken', seen);
  });

  it('had consequences', async () => {
    const seen = await askAll(CONSEQUENCES, undefined, asItIs);
    assertSection('11-consequences', 'What followed from it', seen);
  });
});
