import type { FidelityCase } from './cases.ts';

/** Cases of how a file is called. */
export const NAME_CASES: readonly FidelityCase[] = [
  {
    name: 'paths over 255 bytes, names of 250',
    paths: ['made/long'],
    script: String.raw`
name=$(printf 'n%.0s' {1..250}) && deep=long && for level in {1..5}; do deep=$deep/$name; done
mkdir -p $deep && echo deep > $deep/$name && ln $deep/$name long/linked && ln -s $deep/$name long/symlink
for length in 98 99 100 101 154 155 156 255; do touch "long/$(printf "%0$length"d 0)"; done`,
  },
  {
    name: 'names that are not UTF-8',
    paths: ['made/bytes'],
    script: String.raw`
mkdir -p bytes/$'folder \xe9' && echo 1 > bytes/$'latin1 \xe4\xf6\xfc' && echo 2 > bytes/$'broken \xc3(' && echo 3 > bytes/$'\xff'
ln bytes/$'\xff' bytes/$'linked \xfe' && touch bytes/$'folder \xe9/\x80'`,
  },
  {
    name: 'names with newlines, backslashes and control characters',
    paths: ['made/odd'],
    script: String.raw`
mkdir odd && cd odd && echo 1 > $'line\nfeed' && echo 2 > 'back\slash' && echo 3 > 'back\nslash' && echo 4 > $'return\r'
echo 5 > $'tab\t' && echo 6 > $'bell\x07' && echo 7 > $'\x01' && echo 8 > '\101' && mkdir $'\n' && touch $'\n/\n'`,
  },
  {
    name: 'names with leading dashes, spaces, wildcards, quotes',
    paths: ['made/signs'],
    script: String.raw`
mkdir signs && cd signs && for name in -dash --version '-C' ' leading' 'trailing ' ' ' '*' '?' '[a]' "'" '"' '#' '~' '@file' 'a=b' '%' '...' '..x' '-' '$HOME'; do
  echo "$name" > ./"$name"; done`,
  },
  {
    name: 'names that differ in case or Unicode form only',
    paths: ['made/forms'],
    script: String.raw`
mkdir forms && cd forms && echo 1 > A && echo 2 > a && echo nfc > $'\u00e9' && echo nfd > $'e\u0301' && echo 3 > $'\U0001f600'`,
  },
  {
    name: 'names of extended attributes with = and %',
    paths: ['made/attribute-names'],
    script: String.raw`
mkdir attribute-names && touch attribute-names/file && setattr attribute-names/file 'user.a=b' 01
setattr attribute-names/file 'user.100%' 02 && setattr attribute-names/file $'user.\xff' 03`,
    losses: {
      layers: ['attribute user.100%', 'attribute user.a=b'],
      docker: ['attribute user.100%', 'attribute user.a=b'],
      umoci: ['attribute user.100%', 'attribute user.a=b'],
    },
    because:
      'pax cannot write = in a name, and GNU tar writes both otherwise than engines read them; the build says so',
  },
  {
    name: 'names that begin with .wh.',
    paths: ['made/wh'],
    script: String.raw`
mkdir -p wh/sub wh/.wh.folder && echo kept > wh/neighbour && echo 1 > wh/.wh.neighbour && echo 2 > wh/sub/.wh..wh..opq
echo kept > wh/sub/kept && touch wh/.wh.folder/inside && echo kept > wh/.wh && echo kept > wh/x.wh.y && mkdir wh/folder`,
    refused: [
      'made/wh/.wh.neighbour',
      'made/wh/.wh.folder',
      'made/wh/.wh.folder/inside',
      'made/wh/sub/.wh..wh..opq',
    ],
    because: 'an image would read them as deletions of their neighbours',
  },
];
