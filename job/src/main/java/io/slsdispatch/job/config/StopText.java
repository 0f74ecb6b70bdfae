package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.StoppingPosition;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * An end as it is written.
 *
 * @param now whether it is the present moment
 * @param time the moment when a time is meant, else null
 */
record StopText(boolean now, @Nullable TimeText time) {

    static final TextValue<StopText> STOP = new TextValue<>(
            "none, now, or a time such as 2018-12-26T00:00:00+08:00, '2018-12-26 0:0:0' or unix seconds",
            text -> switch (text) {
                case "none" -> new StopText(false, null);
                case "now" -> new StopText(true, null);
                default -> {
                    if (!TimeText.looksLikeTime(text)) {
                        throw new IllegalArgumentException();
                    }
                    yield new StopText(false, TimeText.parse(text));
                }
            });

    /** The position, with this zone where the text names none. */
    StoppingPosition position(ZoneId zone) {
        if (time != null) {
            return new StoppingPosition.At(time.at(zone));
        }
        return now ? new StoppingPosition.Now() : new StoppingPosition.Never();
    }
}
