/** The fields of a listed path's `stat` text (`ListedPath`), as find(1) printed them. */
export interface StatFields {
  /** One letter, as find's `%y`: `d`, `f`, `l`, … */
  readonly type: string;
  readonly inode: string;
  readonly ctime: string;
  readonly mtime: string;
  /** Octal digits. */
  readonly mode: string;
  /** `<uid>:<gid>`. */
  readonly owner: string;
}

/** Takes a listed path's `stat` text apart. */
export function statFieldsOf(stat: string): StatFields {
  const [type = '', inode = '', ctime = '', mtime = '', mode = '', uid = '', gid = ''] = stat.split(' ');
  return { type, inode, ctime, mtime, mode, owner: `${uid}:${gid}` };
}
