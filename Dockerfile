# Built from what `npm run image` stages in build/, with the classic builder and with BuildKit alike. There is no RUN
# step, so that BASE may be an image without a shell.
ARG BASE=debian:bookworm-slim

# For any image: COPY --from=offshoot:bundle /opt/offshoot /opt/offshoot
FROM scratch AS bundle
COPY build/runtime/ /opt/offshoot/
COPY build/launcher/ /opt/offshoot/
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="offshoot" \
      org.opencontainers.image.description="A launcher for container images: starts siblings of the container it runs in" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      com.centurylinklabs.watchtower.enable="false" \
      wud.watch="false" \
      diun.enable="false"

FROM $BASE AS common
COPY build/runtime/ /opt/offshoot/
COPY build/launcher/ /opt/offshoot/
# A folder, because a link that is named itself would be followed.
COPY build/links/path/ /usr/local/bin/
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="offshoot" \
      org.opencontainers.image.description="A launcher for container images: starts siblings of the container it runs in" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      com.centurylinklabs.watchtower.enable="false" \
      wud.watch="false" \
      diun.enable="false"

# Takes the place of waitdaemon's image: the same path, the same variables.
FROM common AS waitdaemon
COPY build/links/root/ /
ENV OFFSHOOT_COMPAT=waitdaemon
ENTRYPOINT ["/waitdaemon"]

FROM common AS offshoot
ENTRYPOINT ["/opt/offshoot/entrypoint.sh"]
