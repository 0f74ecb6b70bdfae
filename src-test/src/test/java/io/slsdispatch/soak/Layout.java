package io.slsdispatch.soak;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which logstores there are, and what belongs where: the job's configuration, and the same once more for the check. */
final class Layout {

    static final String PROJECT = "soak";
    static final String SOURCE = "all-logs";
    private static final int SOURCE_SHARDS = 4;
    private static final int TARGET_SHARDS = 2;
    static final String WEB = "web-logs";
    static final String AUDIT = "audit-logs";
    static final String CLICKS = "click-logs";
    static final String REST = "rest-logs";
    static final String DEAD = "dead-letters";

    static final List<String> TARGETS = List.of(WEB, AUDIT, CLICKS, REST);

    /** Groups of these topics are dropped. */
    static final String NOISE = "noise";

    private Layout() {}

    /** All logstores, each as {@code NAME:SHARDS}. */
    static List<String> logstores() {
        return Stream.concat(
                        Stream.of(SOURCE + ":" + SOURCE_SHARDS),
                        Stream.concat(TARGETS.stream(), Stream.of(DEAD)).map(name -> name + ":" + TARGET_SHARDS))
                .toList();
    }

    /** The targets of a topic. */
    static Set<String> targetsOf(String topic) {
        if (topic.startsWith("web-")) {
            return Set.of(WEB);
        }
        if (topic.startsWith("audit-")) {
            return Set.of(AUDIT);
        }
        if (topic.startsWith("click-")) {
            return Set.of(CLICKS);
        }
        if (topic.startsWith("both-")) {
            return Set.of(WEB, REST);
        }
        return topic.equals(NOISE) ? Set.of() : Set.of(REST);
    }

    /**
     * The file of the job's configuration with zstd for the pulls and half of the targets, the ordered one among them. So
     * groups are compressed once for some targets, and again for others.
     */
    static String withZstd(String configuration) {
        return configuration
                .replace("  request-timeout: 10s\n", "  request-timeout: 10s\n  compression: zstd\n")
                .replace("ordered: ", "compression: zstd, ordered: ")
                .replace("  - logstore: " + REST + "\n", "  - {logstore: " + REST + ", compression: zstd}\n");
    }

    /** The file of the job's configuration. Builds without zstd read it, too. */
    static String configuration(URI endpoint, Path credentials) {
        return """
                name: soak
                source:
                  endpoint: %s
                  project: %s
                  logstore: %s
                  credentials: {file: '%s'}
                  consumer-group: soak
                  request-timeout: 10s
                  discovery: {interval: 2s}
                  retry: {max-backoff: 3s}
                defaults:
                  retry: {max-backoff: 3s}
                  on-reject: dead-letter
                  dead-letter: {logstore: %s}
                targets:
                  - logstore: %s
                  - {logstore: %s, ordered: true}
                  - logstore: %s
                  - logstore: %s
                routes:
                  - {topic: {prefix: web-}, to: web-logs}
                  - {topic: {prefix: audit-}, to: audit-logs}
                  - {topic: {prefix: click-}, to: click-logs}
                  - {topic: {prefix: both-}, to: [web-logs, rest-logs]}
                  - {topic: noise, to: drop}
                default-route: rest-logs
                """.formatted(endpoint, PROJECT, SOURCE, credentials, DEAD, WEB, AUDIT, CLICKS, REST);
    }
}
