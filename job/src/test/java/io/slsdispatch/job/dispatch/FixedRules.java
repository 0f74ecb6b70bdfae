package io.slsdispatch.job.dispatch;

import io.slsdispatch.job.rules.RuleTable;
import java.time.Duration;

/** Rules that are the same whenever they are read. */
record FixedRules(RuleTable table) implements RulesFeed {

    @Override
    public Duration interval() {
        return Duration.ofMillis(10);
    }

    @Override
    public String location() {
        return "test";
    }

    @Override
    public RuleTable read() {
        return table;
    }
}
