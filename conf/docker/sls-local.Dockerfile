# SLS Local in a container, for tests of any language.
#
#   mvn -B package -DskipTests
#   docker build -f conf/docker/sls-local.Dockerfile -t sls-local:0.1.0 .
#   docker run --rm -p 127.0.0.1:10012:10012 sls-local:0.1.0 \
#       --access-key-id ID --access-key-secret SECRET --logstore my-project/my-logs:2
#
# Options after the image's name are added to those of the entry point. Data is in memory; to keep it, mount a volume that
# user 10001 may write to, and add --data-dir. Under /_local/, requests for sls-local and localhost are answered to every
# machine that can connect, without a key: publish the port on 127.0.0.1 as above, or in a network of your tests only.
ARG BASE=eclipse-temurin:17-jre
FROM ${BASE}

COPY src-test/target/sls-local.jar /opt/sls-local/sls-local.jar

USER 10001:10001
EXPOSE 10012

# With the shell of the base: an image of Java need not have curl.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/10012 && printf 'GET /_local/health HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n' >&3 && grep -q '\"ok\"' <&3"]

ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-jar", "/opt/sls-local/sls-local.jar", "--host", "0.0.0.0", "--port", "10012", "--admin-host", "sls-local", "--admin-host", "localhost", "--admin-host", "127.0.0.1"]
CMD ["--help"]
