# The image of the pipe: Node 24, programs of Debian's, and the pipe without packages (`npm run build` makes it). Every step of
# every pipeline pulls it, so it is kept small.
FROM node:24-trixie-slim AS node

FROM debian:trixie-slim
# git's own parts in Perl (send-email, svn, cvsimport) are not called, and Perl is a tenth of the image.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates git git-lfs openssh-client oras strace \
    && dpkg --purge --force-depends \
        $(dpkg-query --show --showformat '${Package} ' 'libperl5*' liberror-perl perl 'perl-modules-*') \
    && rm -rf /var/cache/apt/* /var/cache/debconf/* /var/lib/apt/lists/* /var/log/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# Where npm installs packages for all users; there Node keeps its warnings about packages' own code to itself.
COPY dist/pipe /usr/local/lib/node_modules/preheat-pipe
ENTRYPOINT ["node", "/usr/local/lib/node_modules/preheat-pipe/lib/pipe/main.mjs"]
