import assert from 'node:assert/strict';
import { digestOf } from '../../src/oci/digest.ts';
import { priceOf, secondsToOpen } from '../../src/report/price.ts';

const layer = (name: string, size: number) => ({ role: 'task', digest: digestOf(name), size, reused: false });

describe('the price of opening an image', () => {
  const layers = [layer('base', 1000), layer('task', 200), layer('delta', 30)];
  const neighbour = {
    branch: 'main',
    digest: digestOf('image'),
    layers: [layer('base', 1000), layer('old', 7)],
  };

  it('is what somebody lacks who has another one', () => {
    const { price, layers: told } = priceOf(layers, neighbour);
    assert.partialDeepStrictEqual(price, { branch: 'main', layers: 2, bytes: 230 });
    assert.deepEqual(
      told.map(({ shared }) => shared),
      [true, false, false],
    );
  });

  it('is unknown where nobody has another one, and where no image is there', () => {
    assert.deepEqual(priceOf(layers, undefined), { layers });
    assert.deepEqual(priceOf([], neighbour), { layers: [] });
  });

  it('grows with the bytes', () => {
    const seconds = [0, 1000, 97_000_000, 500_000_000].map(secondsToOpen);
    assert.deepEqual(
      seconds,
      seconds.toSorted((a, b) => a - b),
    );
    assert.ok((seconds.at(-1) ?? 0) > (seconds[0] ?? 0));
  });
});
