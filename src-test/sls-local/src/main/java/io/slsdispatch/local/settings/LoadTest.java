package io.slsdispatch.local.settings;

import java.util.Set;

/**
 * What makes measurements long although memory is small. Each logstore is named {@code project/logstore}.
 *
 * @param endless logstores that are read without end: after the newest group of a shard come its oldest again, under new
 *     positions. Fill them first: a put moves what is at the positions ahead
 * @param forgotten logstores of which puts are checked, answered as from shard 0 and counted, but nothing is kept
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

    /** Whether nothing of what is put to a logstore is kept. */
    public boolean isForgotten(String project, String logstore) {
        return contains(forgotten, project, logstore);
    }

    private static boolean contains(Set<String> logstores, String project, String logstore) {
        return !logstores.isEmpty() && logstores.contains(project + "/" + logstore);
    }
}
