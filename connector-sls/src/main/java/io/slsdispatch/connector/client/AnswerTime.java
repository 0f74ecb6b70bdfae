package io.slsdispatch.connector.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.apache.flink.annotation.Internal;

/**
 * Reads the service's time from the headers of an answer: {@code x-log-time}, unix seconds, or else {@code Date}.
 * Official clients that use the service's time read both in this order (SLSResponse.cpp of loongcollector); the help
 * page "Common response headers" documents only the second. Both are truncated to whole seconds.
 */
@Internal
public final class AnswerTime {

    /** The name of the header that is read first. */
    public static final String FIRST = "x-log-time";

    /** The name of the header that is read when the first is missing or implausible. */
    public static final String SECOND = "date";

    /** In the year 2100. A later time is not in seconds. */
    private static final long LAST_SECOND = 4_102_444_800L;

    private AnswerTime() {}

    /**
     * The time in an answer.
     *
     * @param seconds the value of the header {@value #FIRST}; empty when it is missing
     * @param date the value of the header {@value #SECOND}; empty when it is missing
     * @return empty when neither is a time between 1970 and 2100
     */
    public static Optional<Instant> of(String seconds, String date) {
        Optional<Instant> first = ofSeconds(seconds.strip());
        return first.isPresent() ? first : ofDate(date.strip());
    }

    private static Optional<Instant> ofSeconds(String text) {
        try {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(text))).filter(AnswerTime::isPlausible);
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> ofDate(String text) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)))
                    .filter(AnswerTime::isPlausible);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean isPlausible(Instant time) {
        return time.getEpochSecond() > 0 && time.getEpochSecond() <= LAST_SECOND;
    }
}
