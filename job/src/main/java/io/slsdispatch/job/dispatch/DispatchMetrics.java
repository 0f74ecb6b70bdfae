package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.rules.Decision.RuleTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics of the dispatcher: log groups and their bytes per rule and target, and those without a target. Rules and
 * targets are labels, topics never are, so the number of series depends on the configuration only.
 */
final class DispatchMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchMetrics.class);

    /** The counters of groups and bytes with the same labels. */
    record Count(Counter groups, Counter bytes) {

        static Count in(MetricGroup group, String name) {
            return new Count(group.counter(name + "Groups"), group.counter(name + "Bytes"));
        }

        void add(RawLogGroup group) {
            groups.inc();
            bytes.inc(group.length());
        }
    }

    /**
     * The counters of a target by template.
     *
     * @param withoutLogstore groups for which there is no valid name
     * @param sharedNames values, such as topics, that came to the name of another value
     */
    record TemplateCounts(Count withoutLogstore, Counter sharedNames) {}

    /** A rule and a target. */
    private record Labels(String rule, String target) {}

    private final MetricGroup sls;
    // By name and not by index: rules that are loaded later continue the counters of earlier rules with the same name.
    private final Map<Labels, Count> dispatched = new HashMap<>();
    private final Count unmatched;
    private final Count dropped;
    private final Count malformed;
    private final Balance balance;

    /** @param rulesVersion the version of the rules by which groups are dispatched; called from other threads */
    DispatchMetrics(MetricGroup operator, LongSupplier rulesVersion) {
        sls = operator.addGroup("sls");
        unmatched = Count.in(sls, "unmatched");
        dropped = Count.in(sls, "dropped");
        malformed = Count.in(sls, "malformed");
        balance = new Balance(sls);
        sls.gauge("rulesVersion", rulesVersion::getAsLong);
    }

    /** The counters of these targets, each at the index of its target. */
    Count[] dispatched(List<RuleTarget> targets) {
        Count[] counts = new Count[targets.size()];
        for (RuleTarget target : targets) {
            counts[target.index()] = dispatched(target.rule(), target.target());
        }
        return counts;
    }

    /** The counter of a rule and a target. */
    Count dispatched(String rule, String target) {
        return dispatched.computeIfAbsent(
                new Labels(rule, target),
                labels -> Count.in(sls.addGroup("rule", labels.rule).addGroup("target", labels.target), "dispatched"));
    }

    /** The counters of a target by template; called once for each. */
    TemplateCounts ofTemplate(String target) {
        MetricGroup group = sls.addGroup("target", target);
        return new TemplateCounts(Count.in(group, "withoutLogstore"), group.counter("sharedLogstoreNames"));
    }

    /** Counts a received group that goes to this number of targets. */
    void received(int targets) {
        balance.received(targets);
    }

    /** Checks that each received group is accounted for; called at every checkpoint. */
    void checkBalance() {
        long sent = 0;
        for (Count count : dispatched.values()) {
            sent += count.groups().getCount();
        }
        balance.check(sent, dropped.groups().getCount());
    }

    void unmatched(RawLogGroup group) {
        unmatched.add(group);
    }

    void dropped(RawLogGroup group) {
        dropped.add(group);
    }

    void malformed(RawLogGroup group) {
        malformed.add(group);
    }

    /**
     * The accounting of one dispatcher: groups received plus copies made must equal groups sent plus groups dropped. A
     * mismatch means that a group took a path without a counter, and is logged.
     */
    static final class Balance {

        private final Counter received;
        private final Counter copied;
        private volatile long difference;

        Balance(MetricGroup sls) {
            received = sls.counter("receivedGroups");
            copied = sls.counter("copiedGroups");
            sls.gauge("imbalance", () -> difference);
        }

        /** Counts a received group that goes to this number of targets. */
        void received(int targets) {
            received.inc();
            if (targets > 1) {
                copied.inc(targets - 1L);
            }
        }

        /** Compares with the groups sent and dropped since the start. */
        void check(long sent, long dropped) {
            long now = received.getCount() + copied.getCount() - sent - dropped;
            if (now != difference) {
                LOG.error(
                        "Accounting mismatch in the dispatcher: {} groups received and {} copied, but {} sent and {} dropped."
                                + " Compare source and targets, and please report this bug",
                        received.getCount(),
                        copied.getCount(),
                        sent,
                        dropped);
            }
            difference = now;
        }
    }
}
