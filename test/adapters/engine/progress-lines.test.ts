import assert from 'node:assert/strict';
import fc from 'fast-check';
import { progressLines, ReportedFailure } from '../../../src/adapters/engine/progress-lines.ts';
import { streamOf } from '../../support/engine.ts';
import { cut } from './frames.ts';

async function read(text: string, lengths: readonly number[] = [7]): Promise<readonly unknown[]> {
  return Array.fromAsync(progressLines(streamOf(...cut(Buffer.from(text), lengths))));
}

describe('progressLines', () => {
  it('reads every line, however the bytes are cut, also within a character', async () => {
    const lines = fc.array(fc.record({ status: fc.string({ unit: 'binary' }), id: fc.string() }));
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(lines, lengths, fc.boolean(), async (written, chunks, endsWithLineFeed) => {
        const text =
          written.map((line) => JSON.stringify(line)).join('\r\n') + (endsWithLineFeed ? '\r\n' : '');
        assert.deepEqual(await read(text, chunks), JSON.parse(JSON.stringify(written)));
      }),
    );
  });

  it('throws a failure that is reported, in whichever form, and what came before it was read', async () => {
    const detail = '{"errorDetail":{"message":"manifest unknown"},"error":"long form"}';
    await assert.rejects(
      read(`{"status":"Pulling"}\n${detail}\n{"status":"after"}`),
      new ReportedFailure('manifest unknown'),
    );
    await assert.rejects(read('{"error":"no space left"}'), new ReportedFailure('no space left'));
  });

  it('throws where a line cannot be read', async () => {
    for (const text of ['<html>', '{"status":1}', '{"status":"cut', '[]']) {
      await assert.rejects(read(`{"status":"good"}\n${text}`), /reports what cannot be read/, text);
    }
  });

  it('throws at a line without end', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(64 * 1024, 0x20);
    };
    await assert.rejects(Array.fromAsync(progressLines(endless())), /a line of more than/);
  });
});
