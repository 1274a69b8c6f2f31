# Prints what the kernel says of every path below ROOT, a line each, in hexadecimal where bytes may be odd:
#   path type mode uid gid mtime size device inode blocks target attributes
# then a line "content PATH DIGEST" for each file. Usage: dump.pl ROOT PRUNED... (pruned paths begin at ROOT).
# Independent of any tar: statx(2), llistxattr(2) and lgetxattr(2) by their numbers, since Perl's own stat has no
# nanoseconds and the image need not have attr(1).
use strict;
use warnings;
use POSIX ();

my ($root, @pruned) = @ARGV;
my %pruned = map { $_ => 1 } @pruned;
my %numbers = (x86_64 => [332, 195, 192], aarch64 => [291, 12, 9]);
my ($statx, $llistxattr, $lgetxattr) = @{ $numbers{ (POSIX::uname())[4] } };
my %types = (1 => 'p', 2 => 'c', 4 => 'd', 6 => 'b', 8 => 'f', 10 => 'l', 12 => 's');

sub attributes {
  my ($file) = @_;
  my $names = "\0" x 65536;
  my $length = syscall($llistxattr, $file, $names, 65536 + 0);
  return '' if $length <= 0;
  return join ',', map {
    my $name = $_;
    my $value = "\0" x 65536;
    my $size = syscall($lgetxattr, $file, $name, $value, 65536 + 0);
    unpack('H*', $name) . '=' . ($size < 0 ? '?' : unpack('H*', substr($value, 0, $size)));
  } sort split /\0/, substr($names, 0, $length);
}

my @files;
sub visit {
  my ($path) = @_;
  my $file = $path eq '' ? "$root/" : "$root/$path";
  my $buffer = "\0" x 256;
  syscall($statx, -100, $file, 0x100, 0x7ff, $buffer) == 0 or die "$file: $!";
  my ($uid, $gid, $mode) = unpack 'x20 L L S', $buffer;
  my ($inode, $size, $blocks) = unpack 'x32 Q Q Q', $buffer;
  my ($seconds, $nanoseconds) = unpack 'x112 q L', $buffer;
  my ($major, $minor) = unpack 'x128 L L', $buffer;
  my $type = $types{ $mode >> 12 };
  print join(' ', unpack('H*', $path) || '-', $type, sprintf('%o', $mode & 07777), $uid, $gid,
    sprintf('%d.%09d', $seconds, $nanoseconds), $size, "$major:$minor", $inode, $blocks,
    $type eq 'l' ? unpack('H*', readlink $file) : '-', attributes($file) || '-'), "\n";
  push @files, $file if $type eq 'f';
  return if $type ne 'd' || ($path ne '' && $pruned{$path});
  opendir my $folder, $file or die "$file: $!";
  my @names = sort grep { $_ ne '.' && $_ ne '..' } readdir $folder;
  closedir $folder;
  for my $name (@names) {
    my $below = $path eq '' ? $name : "$path/$name";
    visit($below) unless $pruned{$below};
  }
}

visit('');
my $list = "/tmp/fidelity-files.$$";
open my $out, '>', $list or die "$list: $!";
print $out join("\0", @files);
close $out;
open my $sums, '-|', 'xargs', '-0', '-a', $list, 'sha256sum', '-z', '--' or die $!;
local $/ = "\0";
while (my $line = <$sums>) {
  chomp $line;
  my ($digest, $file) = $line =~ /^([0-9a-f]{64})  (.*)$/s or die $line;
  print 'content ', unpack('H*', substr $file, length($root) + 1), " $digest\n";
}
close $sums or die 'sha256sum failed';
unlink $list;
