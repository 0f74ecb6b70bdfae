package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.StartingPosition;
import java.time.ZoneId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A start as it is written.
 *
 * @param kind what is meant
 * @param time the moment when a time is meant, else null
 */
record StartText(Kind kind, @Nullable TimeText time) {

    enum Kind {
        BEGIN,
        END,
        GROUP,
        TIME
    }

    private static final String TIMES = "a time such as 2018-12-26T00:00:00+08:00, '2018-12-26 0:0:0' or unix seconds";

    static final TextValue<StartText> START =
            new TextValue<>("begin, end, group, or " + TIMES, text -> parse(text, true));

    static final TextValue<StartText> FALLBACK = new TextValue<>("begin, end, or " + TIMES, text -> parse(text, false));

    private static StartText parse(String text, boolean groupAllowed) {
        return switch (text) {
            case "begin" -> new StartText(Kind.BEGIN, null);
            case "end" -> new StartText(Kind.END, null);
            case "group" -> {
                if (!groupAllowed) {
                    throw new IllegalArgumentException();
                }
                yield new StartText(Kind.GROUP, null);
            }
            default -> {
                if (!TimeText.looksLikeTime(text)) {
                    throw new IllegalArgumentException();
                }
                yield new StartText(Kind.TIME, TimeText.parse(text));
            }
        };
    }

    /**
     * The position.
     *
     * @param zone for a time that names none
     * @param group makes the position for {@link Kind#GROUP}
     */
    StartingPosition position(ZoneId zone, Supplier<StartingPosition> group) {
        if (time != null) {
            return new StartingPosition.At(time.at(zone));
        }
        return switch (kind) {
            case END -> new StartingPosition.End();
            case GROUP -> group.get();
            default -> new StartingPosition.Begin();
        };
    }
}
