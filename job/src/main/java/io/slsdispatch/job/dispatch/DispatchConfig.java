package io.slsdispatch.job.dispatch;

import io.slsdispatch.job.rules.RuleSet;
import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The rules that a dispatcher begins with.
 *
 * @param first what holds when no state says otherwise
 * @param targets the names of all targets that there are
 * @param patience how long a subtask with new rules waits for word on their checkpoint; longer than Flink lets a
 *     checkpoint take
 * @param configuration the fingerprint of the configuration that the job runs by, for those who look into a savepoint
 */
public record DispatchConfig(RuleSet first, Set<String> targets, Duration patience, String configuration)
        implements Serializable {

    public DispatchConfig {
        targets = new LinkedHashSet<>(targets);
        if (!targets.containsAll(first.targets())) {
            throw new IllegalArgumentException("the rules name targets that are not there");
        }
    }
}
