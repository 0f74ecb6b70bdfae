package io.slsdispatch.local.ledger;

import java.util.List;
import java.util.Set;

/**
 * What a source was given, and where it belongs.
 *
 * @param groups of the source
 * @param routed the names of the targets of each topic, by the topic's number
 */
record Expectation(SourceGroups groups, List<Set<String>> routed) {

    boolean at(String target, int group) {
        return routed.get(groups.topic(group)).contains(target);
    }
}
