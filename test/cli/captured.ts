import { Writable } from 'node:stream';

/** A stream that keeps what it is given. */
export class Captured extends Writable {
  text = '';

  constructor() {
    super({ decodeStrings: false });
  }

  get lines(): readonly string[] {
    return this.text.split('\n').slice(0, -1);
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.text += String(chunk);
    done();
  }
}
