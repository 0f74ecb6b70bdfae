package io.slsdispatch.local.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects the groups that a reconciliation reports: the first few of each kind of error, so that many errors of one
 * kind do not hide the others.
 */
final class Offenders {

    private static final int NAMED = 20;

    /** Worst first. */
    enum Kind {
        LOST("lost, in the source:"),
        ALTERED("altered"),
        MISROUTED("misrouted"),
        REORDERED("reordered"),
        DUPLICATED("duplicated");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private final Map<Kind, List<String>> byKind = new TreeMap<>();

    void add(Kind kind, String where, LedgerEntry entry) {
        List<String> named = byKind.computeIfAbsent(kind, first -> new ArrayList<>());
        if (named.size() < NAMED) {
            named.add(where + ": " + kind.words + " shard " + entry.shard() + " position " + entry.position()
                    + ", topic '" + entry.topic() + "', " + entry.rawBytes() + " bytes, digest " + entry.digest()
                    + (entry.parts().isEmpty()
                            ? ""
                            : ", split into " + entry.parts().size() + " parts"));
        }
    }

    /** Worst first. */
    List<String> named() {
        return byKind.values().stream().flatMap(List::stream).toList();
    }
}
