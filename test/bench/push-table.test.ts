import assert from 'node:assert/strict';
import { pushTable } from '../../bench/push-table.ts';
import { bytesText, secondsText } from '../../bench/quantity-text.ts';
import { markdownTable } from '../../bench/table.ts';
import { rowOf } from './rows.ts';

describe('tables', () => {
  it('have a line for each row, numbers to the right', () => {
    const columns = [
      { title: 'a', align: 'left' },
      { title: 'b', align: 'right' },
    ] as const;
    assert.equal(markdownTable(columns, [['x', '1']]), '| a | b |\n| --- | ---: |\n| x | 1 |');
  });

  it('keep a bar within its cell', () => {
    assert.match(markdownTable([{ title: 'a', align: 'left' }], [['x|y']]), /\| x\\\|y \|$/);
  });

  it('tell of each push how it compares to the best peer', () => {
    const text = pushTable(
      [
        rowOf('no-op', 'preheat', { seconds: 0.8, peakMemory: 100 * 1024 * 1024 }),
        rowOf('no-op', 'naive', { seconds: 16, up: 2048, keptDigest: false }),
        rowOf('no-op', 'tuned', { seconds: 12, down: 1536, baseDown: 512 }),
      ],
      'preheat',
    );
    assert.deepEqual(text.split('\n').slice(2), [
      '| no-op | preheat | 0.8 s | 15 × | 0 | 3 | 0 B | 0 B | 0 B | kept | 100 MiB |',
      '| no-op | naive | 16.0 s | 0.8 × | 0 | 3 | 2.0 KiB | 0 B | 0 B | new |  |',
      '| no-op | tuned | 12.0 s | 1.0 × | 0 | 3 | 0 B | 1.5 KiB | 512 B | kept |  |',
    ]);
  });
});

describe('quantities', () => {
  it('have units of their size', () => {
    assert.deepEqual([0, 1023, 1024, 10_240, 150_000_000, 3 * 1024 ** 3].map(bytesText), [
      '0 B',
      '1023 B',
      '1.0 KiB',
      '10 KiB',
      '143 MiB',
      '3.0 GiB',
    ]);
    assert.equal(secondsText(1.25), '1.3 s');
  });
});
