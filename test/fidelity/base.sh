# Makes the files of the base layer and writes them to standard output as a tar. Needs $SETATTR, the text of setattr.pl.
set -eu
umask 022
setattr() { perl -e "$SETATTR" "$@"; }

mkdir -p /base && cd /base
mkdir opaque && touch opaque/old
mkdir hard && for pair in 'a b' 'c d' 'e f'; do set -- $pair && echo "$1" > "hard/$1" && ln "hard/$1" "hard/$2"; done
mkdir -p dir-to-link/sub dir-to-file/sub back/sub remade/sub && touch dir-to-link/x dir-to-link/sub/y
touch dir-to-file/x dir-to-file/sub/y back/x back/sub/y remade/old remade/sub/older
setattr remade user.old 01 && setattr remade system.posix_acl_access "$ACL_ACCESS"
mkdir target && touch target/kept && ln -s target link-to-dir && ln -s target link-and-back
echo file > file-to-dir && echo file > file-to-link
mkdir -p nested/a/b/c && touch nested/a/b/c/d nested/a/b/e nested/a/f nested/kept
mkdir names && touch names/neighbour names/$'odd \xff' names/$'line\nfeed' names/-dash
mkdir -p parents/sticky parents/setgid parents/closed parents/attributed/sub parents/untouched
chmod 1777 parents/sticky && chmod 2775 parents/setgid && chmod 700 parents/closed
chown 3000000000:7 parents/closed
setattr parents/attributed user.kept 00ff
setattr parents/attributed system.posix_acl_default "$ACL_DEFAULT"
echo rights > rights && setattr rights user.note 6f6e65 && setattr rights system.posix_acl_access "$ACL_ACCESS"
cp /bin/true capable && setattr capable security.capability "$CAPABILITY"
find . -depth -exec touch --no-dereference -d '2015-05-05 05:05:05.555555555' {} +
mkdir /workspace && chmod 2770 /workspace && chown 8:9 /workspace && setattr /workspace user.of.base 01
tar --create --format=posix --xattrs '--xattrs-include=*' --acls --numeric-owner --directory=/ base workspace
