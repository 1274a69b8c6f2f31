import { ACL_ACCESS, ACL_DEFAULT, CAP_NET_RAW, CAP_SETUID, capabilityValue } from './binary-values.ts';
import type { FidelityCase } from './cases.ts';

/** Cases of what a file is and carries. */
export const ATTRIBUTE_CASES: readonly FidelityCase[] = [
  {
    name: 'user and group ids of two million and more',
    paths: ['made/ids'],
    script: String.raw`
mkdir -p ids/folder && touch ids/two-million ids/four-billion ids/octal && ln -s octal ids/link
chown 2097152:2097153 ids/two-million && chown 4000000000:4294967294 ids/four-billion
chown 262144:2097151 ids/octal && chown -h 4000000001:1 ids/link && chown 3000000000:3000000000 ids/folder`,
  },
  {
    name: 'times to the nanosecond',
    paths: ['made/nanoseconds'],
    script: String.raw`
mkdir -p nanoseconds/folder && touch -d '2001-02-03 04:05:06.123456789' nanoseconds/file
ln -s file nanoseconds/link && touch -h -d '2011-12-13 14:15:16.000000001' nanoseconds/link
touch -d '1999-12-31 23:59:59.999999999' nanoseconds/folder
touch -d '2020-02-20 20:20:20.5' nanoseconds`,
  },
  {
    name: 'times after 2038',
    paths: ['made/future'],
    script: String.raw`
mkdir future && touch -d '2038-01-19 03:14:08.25' future/overflow && touch -d '2100-01-01' future/2100
touch -d '2106-02-07 06:28:16' future/unsigned && touch -d '2262-04-11 23:47:15' future/2262`,
  },
  {
    name: 'times after 2262',
    paths: ['made/far-future'],
    script: `mkdir far-future && touch -d '2400-06-01 00:00:00.5' far-future/2400`,
    losses: { docker: ['time'], umoci: ['time'] },
    because: 'Docker and umoci count nanoseconds since 1970 in 64 bits; Docker takes such times for 1970',
  },
  {
    name: 'times before 1970',
    paths: ['made/past'],
    script: String.raw`
mkdir past && touch -d '1960-01-01 00:00:00.123456789' past/1960 && touch -d '1969-12-31 23:59:59.5' past/moment`,
    losses: { docker: ['time'] },
    because: 'Docker takes such times for 1970',
  },
  {
    name: 'extended attributes',
    paths: ['made/attributes'],
    script: String.raw`
mkdir -p attributes/folder && touch attributes/file attributes/long && mkfifo attributes/fifo
setattr attributes/file user.text 74657874 && setattr attributes/file user.bytes 00ff0a3d25c328
setattr attributes/folder user.of.folder 01
setattr attributes/long user.long "$(printf 'ab%.0s' {1..1500})"`,
  },
  {
    name: 'extended attributes without a value',
    paths: ['made/empty-attribute'],
    script: `touch empty-attribute && setattr empty-attribute user.empty ''`,
    losses: { umoci: ['attribute user.empty'] },
    because: 'umoci takes an empty pax record for one that takes an earlier one back',
  },
  {
    name: 'access control lists of files and folders',
    paths: ['made/acl'],
    script: String.raw`
mkdir -p acl/folder && touch acl/file && setattr acl/file system.posix_acl_access ${ACL_ACCESS}
setattr acl/folder system.posix_acl_access ${ACL_ACCESS}`,
  },
  {
    name: 'default access control lists, and what inherits them',
    paths: ['made/default-acl'],
    script: String.raw`
mkdir -p default-acl && setattr default-acl system.posix_acl_default ${ACL_DEFAULT}
touch default-acl/heir && mkdir default-acl/folder && touch default-acl/folder/heir`,
  },
  {
    name: 'file capabilities',
    paths: ['made/capabilities'],
    script: String.raw`
mkdir capabilities && cp /bin/true capabilities/raw && cp /bin/true capabilities/setuid
setattr capabilities/raw security.capability ${capabilityValue(CAP_NET_RAW)}
setattr capabilities/setuid security.capability ${capabilityValue(CAP_SETUID, CAP_NET_RAW)}`,
  },
  {
    name: 'setuid, setgid, sticky, every bit, no bit',
    paths: ['made/modes'],
    script: String.raw`
mkdir modes && for mode in 4755 2755 1644 6711 7777 0000 0400 4000; do echo $mode > modes/$mode; done
for mode in 1777 2775 7777 0000 0311; do mkdir modes/folder-$mode && touch modes/folder-$mode/x; done
for mode in 4755 2755 1644 6711 7777 0000 0400 4000; do chmod $mode modes/$mode; done
for mode in 1777 2775 7777 0000 0311; do chmod $mode modes/folder-$mode; done`,
  },
  {
    name: 'hardlinks in one folder, across folders and roots',
    paths: ['made/links', 'opt/linked', 'home/linked', 'workspace/linked'],
    script: String.raw`
mkdir -p links/sub && echo linked > links/first && ln links/first links/second && ln links/first links/sub/third
ln links/first /opt/linked && ln links/first /home/linked && ln links/first /workspace/linked
echo two > links/two && ln links/two links/deleted && rm links/deleted
setattr links/first user.shared 01 && chown 70000:3000000 links/first && chmod 4750 links/first`,
  },
  {
    name: 'hardlinks to symlinks',
    paths: ['made/linked-symlink'],
    script: `mkdir linked-symlink && cd linked-symlink && ln -s nowhere symlink && ln -P symlink too`,
  },
  {
    name: 'hardlinks to fifos and nodes',
    paths: ['made/linked-nodes'],
    script: String.raw`
mkdir linked-nodes && cd linked-nodes && mkfifo fifo && ln fifo fifo-too && mknod node c 1 5 && ln node node-too`,
    losses: { layers: ['hardlinks'], docker: ['hardlinks'], umoci: ['hardlinks'] },
    because: 'GNU tar writes each name of such a file as a file of its own',
  },
  {
    name: 'hardlinks into the base',
    paths: ['made/into-base', 'base/hard'],
    script: String.raw`
mkdir into-base && ln /base/hard/a into-base/a && rm /base/hard/c && echo more >> /base/hard/e`,
  },
  {
    name: 'symlinks: dangling, absolute, long, not UTF-8',
    paths: ['made/symlinks'],
    script: String.raw`
mkdir symlinks && cd symlinks && ln -s nowhere dangling && ln -s /etc/passwd absolute && ln -s .. parent && ln -s . self
ln -s "$(printf 'long/%.0s' {1..200})end" long && ln -s $'bytes \xff\xfe' bytes && ln -s $'line\nfeed' line
ln -s ' ' space && ln -s 'slash/' slash && ln -s './/a' dots`,
  },
  {
    name: 'fifos',
    paths: ['made/fifos'],
    script: `mkdir fifos && mkfifo -m 620 fifos/fifo && chown 5:6 fifos/fifo`,
  },
  {
    name: 'character and block device nodes',
    paths: ['made/nodes'],
    script: String.raw`
mkdir nodes && mknod nodes/null c 1 3 && mknod nodes/loop b 7 200 && mknod nodes/large c 4095 1048575
chmod 600 nodes/loop && chown 1:2 nodes/loop`,
  },
  {
    name: 'sockets',
    paths: ['made/sockets'],
    script: String.raw`
mkdir sockets && cd sockets && touch neighbour
perl -MSocket -e 'socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die; bind($s, sockaddr_un("left")) or die'`,
    refused: ['made/sockets/left'],
    because: 'a tar cannot hold a socket',
  },
  {
    name: 'sparse files',
    paths: ['made/sparse'],
    script: String.raw`
mkdir sparse && truncate -s 4M sparse/file && printf end | dd of=sparse/file bs=1 seek=3000000 conv=notrunc status=none`,
    losses: { layers: ['sparseness'], docker: ['sparseness'], umoci: ['sparseness'] },
    because:
      'layers hold zeros for holes (the specification advises against sparse entries); they compress to nothing',
  },
  {
    name: 'files of no byte, of one tar block, of some megabytes',
    paths: ['made/sizes'],
    script: String.raw`
mkdir sizes && for size in 0 1 511 512 513 10240 5000001; do head -c $size /dev/zero | tr '\0' x > sizes/$size; done`,
  },
];
