package io.slsdispatch.job.rules.reload;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RulesLoader;
import io.slsdispatch.job.rules.RulesLocation;
import io.slsdispatch.job.rules.RulesReader;
import io.slsdispatch.job.rules.RulesUpdates;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Provider of the rules at the location that the configuration names. Not thread-safe. */
public final class ConfiguredRules implements RulesProvider {

    private static final long serialVersionUID = 1L;

    private final RulesLocation from;
    private final @Nullable ConnectionConfig connection;
    private final Duration interval;
    private final RulesReader.Targets targets;

    /** Keeps what it has read; exists only in the process that reads the rules. */
    private transient @Nullable RulesLoader rules;

    public ConfiguredRules(RulesUpdates updates, RulesReader.Targets targets) {
        this.from = updates.location();
        this.connection = updates.connection().orElse(null);
        this.interval = updates.pollInterval();
        this.targets = targets;
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public String location() {
        return from.toString();
    }

    @Override
    public RuleTable read() throws IOException, InterruptedException, RefusedRulesException {
        RulesLoader known = rules;
        if (known == null) {
            known = RulesLoader.polled(from, connection, interval);
            rules = known;
        }
        try {
            return RulesReader.read(known, targets);
        } catch (InvalidConfigException e) {
            throw new RefusedRulesException(e.getMessage()
                    + "\nThe targets of the running job are: " + String.join(", ", targets.names())
                    + ". A new target needs a restart: add it to the configuration of the job, then\n"
                    + "  flink stop --savepointPath DIRECTORY JOB_ID\n"
                    + "  flink run -d -s SAVEPOINT sls-dispatch.jar --config FILE");
        }
    }
}
