/** A thing that set-up could neither find nor get. `hint` says what the reader can do; it starts with a verb. */
export class SetupFailure extends Error {
  /**
   * @param {string} message in the form "cannot <do> <what>: <why>"
   * @param {string} hint
   * @param {unknown} [cause]
   */
  constructor(message, hint, cause) {
    super(message, { cause });
    this.name = 'SetupFailure';
    this.hint = hint;
  }
}
