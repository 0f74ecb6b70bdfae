package io.slsdispatch.job.config;

import org.jspecify.annotations.Nullable;

/**
 * How the value of an option is written.
 *
 * @param <T> what it becomes
 */
interface ValueType<T> {

    /** What is expected, to follow the word "expected". */
    String expectation();

    /** Reads a value; null when it is wrong, which is then among the mistakes. */
    @Nullable
    T read(ConfigNode node, Reading reading);

    /** What every value is read with. */
    record Reading(Variables variables, Mistakes mistakes) {}
}
