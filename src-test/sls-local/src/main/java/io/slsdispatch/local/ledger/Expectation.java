package io.slsdispatch.local.ledger;

import java.util.List;
import java.util.Set;

/**
 * The expectation of a reconciliation: the groups of the source and the targets of their topics.
 *
 * @param groups the groups of the source
 * @param routed the names of the targets of each topic, by the topic's number
 */
record Expectation(SourceGroups groups, List<Set<String>> routed) {

    boolean at(String target, int group) {
        return routed.get(groups.topic(group)).contains(target);
    }
}
