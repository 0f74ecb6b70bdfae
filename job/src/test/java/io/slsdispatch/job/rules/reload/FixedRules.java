package io.slsdispatch.job.rules.reload;

import io.slsdispatch.job.rules.RuleTable;
import java.time.Duration;

/** Rules that are the same whenever they are read. */
record FixedRules(RuleTable table) implements RulesProvider {

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
