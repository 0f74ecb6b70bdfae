package io.slsdispatch.job.dispatch;

import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.template.KnownTargets;
import java.io.Serializable;
import java.time.Duration;

/**
 * Configuration of the dispatcher: its initial rules, and the settings to change them.
 *
 * @param first the rules that apply when no state holds others
 * @param targets all targets
 * @param blocks the blocks through which targets are reached
 * @param confirmationTimeout how long a subtask with new rules waits until their checkpoint is complete or aborted;
 *     longer than Flink's checkpoint timeout
 * @param configuration the fingerprint of the job's configuration, for tools that inspect a savepoint
 */
public record DispatchConfig(
        RuleSet first, KnownTargets targets, TargetBlocks blocks, Duration confirmationTimeout, String configuration)
        implements Serializable {

    public DispatchConfig {
        if (!targets.accept(first)) {
            throw new IllegalArgumentException("the rules contain unknown targets or logstores");
        }
    }
}
