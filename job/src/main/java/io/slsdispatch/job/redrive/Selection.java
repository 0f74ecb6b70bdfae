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
 * Selection of dead letters by their fields.
 *
 * @param since earliest time at which their target rejected them, inclusive; null for all times
 * @param until latest time at which their target rejected them, exclusive; null for all times
 * @param targets names of the targets that they are for; empty for all
 * @param causes why their target rejected them; empty for all
 */
public record Selection(
        @Nullable Instant since, @Nullable Instant until, SortedSet<String> targets, SortedSet<Cause> causes) {

    /**
     * How much earlier than its own time a dead letter may have been received: it carries the time of the machine that
     * wrote it, and the service refuses requests from machines whose clocks differ more (error
     * {@code RequestTimeExpired}).
     */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(15);

    public Selection {
        targets = new TreeSet<>(targets);
        causes = new TreeSet<>(causes);
        if (since != null && until != null && !since.isBefore(until)) {
            throw new IllegalArgumentException(
                    "--since " + since + " is not before --until " + until + ": no dead letter can match");
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

    /** The earliest receive time of a selected dead letter; empty when there is no limit. */
    Optional<Instant> receivedFrom() {
        return Optional.ofNullable(since).map(time -> time.minus(CLOCKS_DIFFER));
    }

    /** A description for messages. */
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

    /** The name of a cause as in dead letters. */
    public static String name(Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }
}
