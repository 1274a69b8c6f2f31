import assert from 'node:assert/strict';
import { downloadsText } from '../../bench/downloads.ts';
import { rowOf } from './rows.ts';

describe('the section on the download cache', () => {
  it('puts pushes with it beside those without', () => {
    const text = downloadsText([
      rowOf('dependencies', 'preheat', {
        seconds: 9,
        tasksSeconds: 5,
        npmRequests: 3,
        npmDown: 1024,
        up: 2048,
      }),
      rowOf('dependencies', 'without', {
        seconds: 10,
        tasksSeconds: 7,
        downloadsSeconds: 0,
        npmRequests: 80,
      }),
    ]);
    assert.match(text, /^## Download cache\n/);
    const own = '| dependencies | `preheat build` | 9.0 s | 5.0 s |  | 3 | 1.0 KiB | 2.0 KiB | 0 B |';
    const none =
      '| dependencies | `preheat build --download-cache none` | 10.0 s | 7.0 s | 0.0 s | 80 |  | 0 B | 0 B |';
    assert.ok(text.endsWith(`${own}\n${none}`));
  });
});
