package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetterDecoder.IncompleteDeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant, by what they say of themselves.
 *
 * @param since those that their target did not take then or later; null for all times
 * @param until those that their target did not take before then; null for all times
 * @param targets names of the targets that they are for; empty for all
 * @param causes why they were not taken; empty for all
 */
public record Selection(
        @Nullable Instant since, @Nullable Instant until, SortedSet<String> targets, SortedSet<Cause> causes) {

    /**
     * How much earlier than it says a letter may have been received: it carries the time of the machine that wrote it,
     * and the service refuses requests of machines whose clocks are further off (error {@code RequestTimeExpired}).
     */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(15);

    public Selection {
        targets = new TreeSet<>(targets);
        causes = new TreeSet<>(causes);
        if (since != null && until != null && !since.isBefore(until)) {
            throw new IllegalArgumentException(
                    "--since " + since + " is not before --until " + until + ": no letter is between them");
        }
    }

    boolean takes(DeadLetter letter) {
        return takes(letter.target(), letter.reason().cause(), letter.time());
    }

    boolean takes(IncompleteDeadLetter letter) {
        return takes(letter.target(), letter.cause(), letter.time());
    }

    private boolean takes(String target, Cause cause, Instant time) {
        return (targets.isEmpty() || targets.contains(target))
                && (causes.isEmpty() || causes.contains(cause))
                && (since == null || !time.isBefore(since))
                && (until == null || time.isBefore(until));
    }

    /** When the first of them can have been received; empty when at any time. */
    Optional<Instant> receivedFrom() {
        return Optional.ofNullable(since).map(time -> time.minus(CLOCKS_DIFFER));
    }

    /** For people. */
    public String text() {
        String times = since == null && until == null
                ? "of all times"
                : (since == null ? "" : "since " + since)
                        + (since != null && until != null ? ", " : "")
                        + (until == null ? "" : "until " + until);
        return times + ", " + (targets.isEmpty() ? "for all targets" : "for " + String.join(", ", targets)) + ", "
                + (causes.isEmpty()
                        ? "rejected and outage"
                        : causes.stream().map(Selection::name).collect(Collectors.joining(" and ")));
    }

    /** As dead letters say it. */
    public static String name(Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }
}
