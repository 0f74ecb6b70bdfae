package io.slsdispatch.job.dispatch;

import io.slsdispatch.job.rules.RuleSet;
import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a dispatcher is given: the rules that it begins with, and what it needs to change them.
 *
 * @param first what holds when no state says otherwise
 * @param targets the names of all targets that there are
 * @param confirmationTimeout how long a subtask with new rules waits until their checkpoint is complete or aborted; longer
 *     than Flink lets a checkpoint take
 * @param configuration the fingerprint of the configuration that the job runs by, for those who look into a savepoint
 */
public record DispatchConfig(RuleSet first, Set<String> targets, Duration confirmationTimeout, String configuration)
        implements Serializable {

    public DispatchConfig {
        targets = new LinkedHashSet<>(targets);
        if (!targets.containsAll(first.targets())) {
            throw new IllegalArgumentException("the rules name targets that are not there");
        }
    }
}
