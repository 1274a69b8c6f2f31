# Sets an extended attribute: setattr.pl PATH NAME HEX. By lsetxattr(2), since the image need not have attr(1).
use strict;
use warnings;
use POSIX ();

my ($path, $name, $hex) = @ARGV;
my $value = pack 'H*', $hex;
my $lsetxattr = { x86_64 => 189, aarch64 => 6 }->{ (POSIX::uname())[4] };
syscall($lsetxattr, $path, $name, $value, length $value, 0) == 0 or die "$path: $name: $!\n";
