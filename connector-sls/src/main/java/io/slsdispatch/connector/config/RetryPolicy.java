package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * How long and how often a failed request is retried.
 *
 * @param backoff the pauses between attempts
 * @param giveUpAfter how long a request is retried while the service is unavailable or throttles, from its first
 *     failure on; then the job fails. Null retries until the service answers: the job is back-pressured until then
 * @param grace how long a request is retried after its credentials are rejected, its project or logstore is missing, or
 *     the request itself is rejected; then the job fails
 * @param codesAboutGroup error codes, besides the known ones, that reject the log group of a put; case does not matter
 * @param codesAboutRequest error codes, besides the known ones, that are about the request and never reject a log
 *     group; case does not matter
 */
@PublicEvolving
public record RetryPolicy(
        Backoff backoff,
        @Nullable Duration giveUpAfter,
        Duration grace,
        List<String> codesAboutGroup,
        List<String> codesAboutRequest)
        implements Serializable {

    /** Pauses of 100 ms growing to 10 s, without a time limit; 10 minutes for credentials and logstores. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10)), null, Duration.ofMinutes(10));

    public RetryPolicy {
        if (giveUpAfter != null) {
            Checks.positive("time to give up after", giveUpAfter);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace period " + Durations.text(grace) + " is negative");
        }
        codesAboutGroup = List.copyOf(codesAboutGroup);
        codesAboutRequest = List.copyOf(codesAboutRequest);
        for (String code : codesAboutGroup) {
            if (codesAboutRequest.stream().anyMatch(code::equalsIgnoreCase)) {
                throw new IllegalArgumentException("error code '" + code
                        + "' is listed both in codesAboutGroup and in codesAboutRequest; keep one of them");
            }
        }
    }

    /** A policy without error codes of its own. */
    public RetryPolicy(Backoff backoff, @Nullable Duration giveUpAfter, Duration grace) {
        this(backoff, giveUpAfter, grace, List.of(), List.of());
    }

    /** The same policy with a time limit. */
    public RetryPolicy givingUpAfter(Duration time) {
        return new RetryPolicy(backoff, time, grace, codesAboutGroup, codesAboutRequest);
    }

    /** The same policy with additional codes that reject a group, and additional codes that never do. */
    public RetryPolicy withCodes(List<String> aboutGroup, List<String> aboutRequest) {
        return new RetryPolicy(backoff, giveUpAfter, grace, aboutGroup, aboutRequest);
    }
}
