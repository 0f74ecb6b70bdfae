package io.slsdispatch.connector.metrics;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Why a part of the job makes no progress at present. As a metric it is one line of text, which Flink's REST interface
 * returns and numeric reporters skip.
 *
 * @param since when it began
 * @param retryAt when the next attempt is due; null if no attempt is scheduled
 * @param until when the attempts end and the job fails; null if they do not end
 * @param message the last error, at most {@value #MOST_CHARACTERS} characters and three dots, in one line
 */
@Internal
public record Problem(
        Kind kind,
        Instant since,
        @Nullable Instant retryAt,
        @Nullable Instant until,
        String message) {

    /** Keeps the answers of Flink's REST interface small: there is one for each target and subtask. */
    public static final int MOST_CHARACTERS = 500;

    /** What kind of error it is. The numbers are values of a metric. */
    public enum Kind {
        /** A quota rejects requests. */
        THROTTLED(1),
        /** Requests fail, and an attempt may succeed without an operator. */
        UNAVAILABLE(2),
        /** Credentials, a permission, or a project or logstore that does not exist. */
        DENIED(3),
        /** Requests, or rules, are rejected for another reason. */
        REFUSED(4),
        /** The target accepts nothing, and its groups do not wait for it. */
        OUTAGE(5);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** The value of the metric {@code status}; 0 is a part without a problem. */
        public int status() {
            return status;
        }
    }

    private static final String NONE = "-";

    private static final Pattern TEXT =
            Pattern.compile("([a-z]+) since (\\S+), next attempt (\\S+), until (\\S+): (.*)");

    public Problem {
        message = ForeignText.line(message, Secrets.NONE, MOST_CHARACTERS);
    }

    /** The text of the metric. */
    public String text() {
        return kind.name().toLowerCase(Locale.ROOT) + " since " + text(since) + ", next attempt " + text(retryAt)
                + ", until " + text(until) + ": " + message;
    }

    private static String text(@Nullable Instant time) {
        return time == null ? NONE : time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Reads the text of the metric; empty when it is not such a text. */
    public static Optional<Problem> parse(String text) {
        Matcher found = TEXT.matcher(text);
        if (!found.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Problem(
                    Kind.valueOf(found.group(1).toUpperCase(Locale.ROOT)),
                    Instant.parse(found.group(2)),
                    time(found.group(3)),
                    time(found.group(4)),
                    found.group(5)));
        } catch (DateTimeParseException | IllegalArgumentException otherText) {
            return Optional.empty();
        }
    }

    private static @Nullable Instant time(String text) {
        return text.equals(NONE) ? null : Instant.parse(text);
    }
}
