import { Writable } from 'node:stream';

interface Row {
  text: string;
  /** Whether the row below goes on with the same line. */
  wraps: boolean;
}

// oxlint-disable-next-line no-control-regex -- it reads escape sequences
const TOKEN = /\u001B\[(\??[\d;]*)([A-Za-z])|[\r\n]|[^\u001B\r\n]/gu;

/**
 * A terminal as a person sees it. It knows characters of one column (wrapped at the edge), CR, LF, cursor up, clearing
 * and the cursor's visibility; colours and frame marks are passed over; anything else is an error.
 */
export class Screen extends Writable {
  columns: number;
  readonly rows: number;
  cursorVisible = true;
  /** What it was given, write by write. */
  readonly writes: string[] = [];
  #grid: Row[] = [{ text: '', wraps: false }];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows = 24) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  /** All rows ever shown, those that scrolled off included, without blanks at their ends and empty ones below. */
  get lines(): readonly string[] {
    const text = this.#grid.map((row) => row.text.trimEnd()).join('\n');
    return text.trimEnd().split('\n');
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.writes.push(String(chunk));
    for (const [token, parameters, letter] of String(chunk).matchAll(TOKEN)) {
      if (letter !== undefined) this.#control(`${parameters}${letter}`);
      else if (token === '\r') this.#column = 0;
      else if (token === '\n') this.#lineFeed();
      else this.#put(token);
    }
    done();
  }

  /** Makes it narrower or wider and wraps its lines anew, as most terminals do. */
  resize(columns: number): void {
    const lines: string[] = [];
    for (const [index, { text }] of this.#grid.entries()) {
      if (this.#grid[index - 1]?.wraps) lines.push(`${lines.pop()}${text}`);
      else lines.push(text);
    }
    this.#grid = lines.flatMap((line) => wrapped(line, columns));
    this.#row = this.#grid.length - 1;
    this.#column = 0;
    this.columns = columns;
    this.emit('resize');
  }

  #at(index: number): Row {
    return (this.#grid[index] ??= { text: '', wraps: false });
  }

  #lineFeed(): void {
    this.#row++;
    this.#column = 0;
    this.#at(this.#row);
  }

  #put(character: string): void {
    if (this.#column >= this.columns) {
      this.#at(this.#row).wraps = true;
      this.#lineFeed();
    }
    const row = this.#at(this.#row);
    const before = row.text.padEnd(this.#column, ' ');
    row.text = before.slice(0, this.#column) + character + before.slice(this.#column + 1);
    this.#column++;
  }

  #control(code: string): void {
    if (/^[\d;]*m$|^\?2026[hl]$/.test(code)) return;
    if (/^\d+A$/.test(code)) this.#up(Number.parseInt(code, 10));
    else if (code === 'K') this.#clearToEnd();
    else if (code === 'J') {
      this.#clearToEnd();
      this.#grid.splice(this.#row + 1);
    } else if (code === '?25l' || code === '?25h') this.cursorVisible = code === '?25h';
    else throw new Error(`the screen does not know ${JSON.stringify(code)}`);
  }

  /** The cursor stays in the window: what scrolled off its top is out of reach. */
  #up(rows: number): void {
    this.#row = Math.max(this.#row - rows, this.#grid.length - this.rows, 0);
  }

  #clearToEnd(): void {
    const row = this.#at(this.#row);
    row.text = row.text.slice(0, this.#column);
    row.wraps = false;
  }
}

function wrapped(line: string, columns: number): Row[] {
  const pieces = line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [''];
  return pieces.map((text, index) => ({ text, wraps: index < pieces.length - 1 }));
}
