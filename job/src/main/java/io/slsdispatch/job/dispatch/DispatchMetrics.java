package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.routing.Delivery;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * What the dispatcher counts: log groups and their bytes per rule and target, and those that went nowhere. Rules and
 * targets are labels, topics never are, so the number of series depends on the configuration only.
 */
final class DispatchMetrics {

    /** Groups and bytes of one kind. */
    private record Count(Counter groups, Counter bytes) {

        static Count in(MetricGroup group, String name) {
            return new Count(group.counter(name + "Groups"), group.counter(name + "Bytes"));
        }

        void add(RawLogGroup group) {
            groups.inc();
            bytes.inc(group.length());
        }
    }

    private final Count[] dispatched;
    private final Count unmatched;
    private final Count dropped;
    private final Count malformed;
    private final DispatchBalance balance;

    DispatchMetrics(MetricGroup operator, List<Delivery> deliveries) {
        MetricGroup sls = operator.addGroup("sls");
        dispatched = new Count[deliveries.size()];
        for (Delivery delivery : deliveries) {
            MetricGroup labelled = sls.addGroup("rule", delivery.rule()).addGroup("target", delivery.target());
            dispatched[delivery.index()] = Count.in(labelled, "dispatched");
        }
        unmatched = Count.in(sls, "unmatched");
        dropped = Count.in(sls, "dropped");
        malformed = Count.in(sls, "malformed");
        balance = new DispatchBalance(sls);
    }

    /** A group came, and goes to so many targets. */
    void received(int targets) {
        balance.received(targets);
    }

    /** Checks that each group that came is accounted for: at every checkpoint. */
    void checkBalance() {
        long sent = 0;
        for (Count count : dispatched) {
            sent += count.groups().getCount();
        }
        balance.check(sent, dropped.groups().getCount());
    }

    void dispatched(Delivery delivery, RawLogGroup group) {
        dispatched[delivery.index()].add(group);
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
}
