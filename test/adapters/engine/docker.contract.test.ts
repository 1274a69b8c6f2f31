import { engineContract } from '../../contract/engine.ts';
import { connectTestEngine } from '../../support/engine.ts';

describe('Docker Engine', () => {
  engineContract(() => connectTestEngine().engine);
});
