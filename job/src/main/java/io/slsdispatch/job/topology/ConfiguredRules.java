package io.slsdispatch.job.topology;

import io.slsdispatch.job.config.BadConfigurationException;
import io.slsdispatch.job.config.JobConfig.RulesUpdates;
import io.slsdispatch.job.config.RulesLocation;
import io.slsdispatch.job.config.RulesReader;
import io.slsdispatch.job.dispatch.RulesFeed;
import io.slsdispatch.job.routing.RouteTable;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/** The rules at the place that the configuration names. */
record ConfiguredRules(RulesLocation from, Duration interval, Set<String> targets) implements RulesFeed {

    ConfiguredRules {
        targets = new LinkedHashSet<>(targets);
    }

    static ConfiguredRules of(RulesUpdates updates, Set<String> targets) {
        return new ConfiguredRules(updates.location(), updates.pollInterval(), targets);
    }

    @Override
    public String location() {
        return from.toString();
    }

    @Override
    public RouteTable read() throws IOException, InterruptedException, RefusedRulesException {
        try {
            return RulesReader.read(from, targets);
        } catch (BadConfigurationException e) {
            throw new RefusedRulesException(e.getMessage()
                    + "\nThe targets of the running job are: " + String.join(", ", targets)
                    + ". A new target needs a restart: add it to the configuration of the job, then\n"
                    + "  flink stop --savepointPath DIRECTORY JOB_ID\n"
                    + "  flink run -d -s SAVEPOINT sls-dispatch.jar --config FILE");
        }
    }
}
