package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * How long and how often a request that failed is sent again.
 *
 * @param backoff the waits in between
 * @param giveUpAfter how long a request is repeated while the service is unavailable or throttles, from its first
 *     failure on; then the job fails. Null repeats until the service answers: the job is held back until then
 * @param grace how long credentials that are refused, a project or logstore that is missing, or a request that is refused
 *     for itself, are given to come right; then the job fails
 * @param codesAboutGroup error codes, besides the known ones, that reject the log group of a put; whatever their case
 * @param codesAboutRequest error codes, besides the known ones, that are about the request and never reject a log group;
 *     whatever their case
 */
@PublicEvolving
public record RetryPolicy(
        Backoff backoff,
        @Nullable Duration giveUpAfter,
        Duration grace,
        List<String> codesAboutGroup,
        List<String> codesAboutRequest)
        implements Serializable {

    /** Waits of 100 ms growing to 10 s, without end; 10 minutes for credentials and logstores. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10)), null, Duration.ofMinutes(10));

    public RetryPolicy {
        if (giveUpAfter != null) {
            Checks.positive("time to give up after", giveUpAfter);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace " + grace + " is negative");
        }
        codesAboutGroup = List.copyOf(codesAboutGroup);
        codesAboutRequest = List.copyOf(codesAboutRequest);
        for (String code : codesAboutGroup) {
            if (codesAboutRequest.stream().anyMatch(code::equalsIgnoreCase)) {
                throw new IllegalArgumentException("error code '" + code
                        + "' is named both as one about the group and as one about the request; keep one of them");
            }
        }
    }

    /** One that names no codes of its own. */
    public RetryPolicy(Backoff backoff, @Nullable Duration giveUpAfter, Duration grace) {
        this(backoff, giveUpAfter, grace, List.of(), List.of());
    }

    /** The same for the given time instead of without end. */
    public RetryPolicy givingUpAfter(Duration time) {
        return new RetryPolicy(backoff, time, grace, codesAboutGroup, codesAboutRequest);
    }

    /** The same with further codes that reject a group, and further ones that never do. */
    public RetryPolicy withCodes(List<String> aboutGroup, List<String> aboutRequest) {
        return new RetryPolicy(backoff, giveUpAfter, grace, aboutGroup, aboutRequest);
    }
}
