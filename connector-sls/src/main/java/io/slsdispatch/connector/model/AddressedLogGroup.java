package io.slsdispatch.connector.model;

import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * A log group and the logstore that it goes to, or the reason why it goes to none: exactly one of both.
 *
 * @param logstore the name of the logstore, without its project; null when there is none
 * @param problem why there is no logstore for the group, one sentence without a full stop; null when there is one
 * @param group the group as it was pulled
 */
@PublicEvolving
public record AddressedLogGroup(
        @Nullable String logstore, @Nullable String problem, RawLogGroup group) {

    public AddressedLogGroup {
        if ((logstore == null) == (problem == null)) {
            throw new IllegalArgumentException(
                    "expected either a logstore or a problem, found " + (logstore == null ? "neither" : "both"));
        }
        Objects.requireNonNull(group, "group");
    }

    /** A group that goes to a logstore. */
    public static AddressedLogGroup to(String logstore, RawLogGroup group) {
        return new AddressedLogGroup(logstore, null, group);
    }

    /** A group for which there is no logstore. */
    public static AddressedLogGroup withProblem(String problem, RawLogGroup group) {
        return new AddressedLogGroup(null, problem, group);
    }

    /** Contains the position of the group, never its content. */
    @Override
    public String toString() {
        return group + (logstore == null ? " without a logstore: " + problem : " to " + logstore);
    }
}
