import assert from 'node:assert/strict';
import fc from 'fast-check';
import { movedPorts, sameNumbers, withoutNumber } from '../../../src/adapters/engine/host-ports.ts';

const next = (ports: readonly number[], refused: number, used: readonly number[] = [], refusals = 1) => {
  const hosts = withoutNumber(sameNumbers(ports), refused, { refusals, used: new Set(used) });
  return hosts && movedPorts(hosts);
};

describe('the numbers under which ports are published', () => {
  it('are their own, else the next that nothing has', () => {
    assert.equal(movedPorts(sameNumbers([80, 3000])), '');
    assert.equal(next([3000, 3001, 3003], 3000, [3002, 3004]), '3000=3005');
    assert.equal(next([80, 8080], 80), '80=8081');
    assert.equal(next([3000], 3001), undefined);
  });

  it("are the engine's choice where there is none left, or too many were refused", () => {
    for (const [port, refusals] of [
      [65_535, 1],
      [3000, 11],
    ] as const) {
      const hosts = withoutNumber(sameNumbers([port]), port, { refusals, used: new Set() });
      assert.deepEqual(hosts, new Map([[port, undefined]]));
      assert.equal(movedPorts(hosts ?? new Map()), '');
    }
  });

  it('are never the same for two ports, whatever is refused', () => {
    const somePort = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(fc.uniqueArray(somePort), fc.array(somePort, { maxLength: 9 }), (ports, steps) => {
        let hosts = sameNumbers(ports);
        const used = new Set<number>();
        for (const step of steps) {
          const refused = [...hosts.values()][step % (hosts.size || 1)];
          if (refused === undefined) continue;
          used.add(refused);
          hosts = withoutNumber(hosts, refused, { refusals: used.size, used }) ?? hosts;
        }
        assert.equal(new Set(hosts.values()).size, hosts.size);
        assert.deepEqual([...hosts.keys()], ports);
        assert.ok([...hosts.values()].every((host) => host !== undefined && !used.has(host)));
      }),
    );
  });
});
