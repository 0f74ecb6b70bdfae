package io.slsdispatch.job.status;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Forms of texts and durations on the screen. */
final class Texts {

    private static final int MOST_CHARACTERS = 600;

    private Texts() {}

    /** A text from outside in one line of limited length, without control characters. */
    static String line(String text) {
        return ForeignText.line(text, Secrets.NONE, MOST_CHARACTERS);
    }

    /** A duration in words, to two units. */
    static String words(Duration duration) {
        return Durations.measured(duration.isNegative() ? Duration.ZERO : duration);
    }

    /** The same for durations that are often below a second. */
    static String precise(long millis) {
        return millis < 1_000 ? millis + " ms" : words(Duration.ofMillis(millis));
    }

    /** Breaks a text into lines of at most this width; a longer word has a line of its own. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String rest = word;
            if (!line.isEmpty() && line.length() + 1 + rest.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            while (rest.length() > width) {
                lines.add(rest.substring(0, width));
                rest = rest.substring(width);
            }
            line.append(line.isEmpty() ? "" : " ").append(rest);
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }

    /** A text cut to a width. */
    static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }

    /** A bar whose full length is for the largest value; a value above 0 has at least one block. */
    static String bar(double value, double largest, int width) {
        if (value <= 0 || largest <= 0) {
            return "";
        }
        return "█".repeat((int) Math.max(1, Math.min(width, Math.round(value * width / largest))));
    }
}
