package io.slsdispatch.job.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the value of an option is written.
 *
 * @param <T> what it becomes
 */
interface ValueType<T> {

    /** What is expected, to follow the word "expected". */
    String expectation();

    /** What may stand there, as a JSON schema: never less than what {@link #read} takes. */
    Map<String, Object> schema();

    /** Reads a value; null when it is wrong, which is then among the mistakes. */
    @Nullable
    T read(ConfigNode node, Reading reading);

    /** What every value is read with. */
    record Reading(Variables variables, Mistakes mistakes, RulesBudget budget) {
        Reading(Variables variables, Mistakes mistakes) {
            this(variables, mistakes, new RulesBudget());
        }
    }
}
