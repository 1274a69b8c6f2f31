/** POSIX ACL tags (linux/posix_acl_xattr.h). */
const TAG = { owner: 1, user: 2, owningGroup: 4, group: 8, mask: 16, others: 32 } as const;
const NOBODY = 0xff_ff_ff_ff;

type AclEntry = readonly [tag: keyof typeof TAG, rights: number, id?: number];

/** The value of `system.posix_acl_access` or `system.posix_acl_default`, in hexadecimal. */
export function aclValue(...entries: readonly AclEntry[]): string {
  const value = Buffer.alloc(4 + 8 * entries.length);
  value.writeUInt32LE(2);
  entries.forEach(([tag, rights, id = NOBODY], index) => {
    value.writeUInt16LE(TAG[tag], 4 + 8 * index);
    value.writeUInt16LE(rights, 6 + 8 * index);
    value.writeUInt32LE(id, 8 + 8 * index);
  });
  return value.toString('hex');
}

/** The value of `security.capability` (revision 2, effective) that permits these capabilities, in hexadecimal. */
export function capabilityValue(...capabilities: readonly number[]): string {
  const value = Buffer.alloc(20);
  value.writeUInt32LE(0x02_00_00_01);
  value.writeUInt32LE(capabilities.reduce((bits, capability) => bits | (1 << capability), 0) >>> 0, 4);
  return value.toString('hex');
}

/** `cap_setuid`: its bit makes a byte of 0x80, which is no UTF-8 by itself. */
export const CAP_SETUID = 7;
/** `cap_net_raw`, as ping has it. */
export const CAP_NET_RAW = 13;

/** An ACL that gives more than the mode says to users of small and of large ids. */
export const ACL_ACCESS = aclValue(
  ['owner', 6],
  ['user', 4, 1234],
  ['user', 6, 3_000_000_000],
  ['owningGroup', 4],
  ['group', 5, 4321],
  ['mask', 7],
  ['others', 0],
);

/** An ACL that new files of a folder inherit. */
export const ACL_DEFAULT = aclValue(
  ['owner', 7],
  ['user', 5, 1234],
  ['owningGroup', 5],
  ['mask', 7],
  ['others', 1],
);
