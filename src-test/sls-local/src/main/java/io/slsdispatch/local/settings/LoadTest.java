package io.slsdispatch.local.settings;

import java.util.Set;

/**
 * Logstores for load tests, which can run for long with little memory. Each logstore is named {@code project/logstore}.
 *
 * @param endless logstores that are read without end: after the newest group of a shard, its oldest groups follow
 *     again, under new positions. Fill them first: a put changes which groups are at later positions
 * @param forgotten logstores whose puts are validated, acknowledged as from shard 0 and counted, but not stored
 */
public record LoadTest(Set<String> endless, Set<String> forgotten) {

    /** No such logstores. */
    public static final LoadTest NONE = new LoadTest(Set.of(), Set.of());

    public LoadTest {
        endless = Set.copyOf(endless);
        forgotten = Set.copyOf(forgotten);
    }

    /** Whether a logstore is read without end. */
    public boolean isEndless(String project, String logstore) {
        return contains(endless, project, logstore);
    }

    /** Whether the puts to a logstore are not stored. */
    public boolean isForgotten(String project, String logstore) {
        return contains(forgotten, project, logstore);
    }

    private static boolean contains(Set<String> logstores, String project, String logstore) {
        return !logstores.isEmpty() && logstores.contains(project + "/" + logstore);
    }
}
