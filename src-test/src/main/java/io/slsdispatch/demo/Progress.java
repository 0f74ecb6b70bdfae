package io.slsdispatch.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.slsdispatch.local.RemoteSlsLocal;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The progress line of the demo: rewritten in place on a terminal, printed from time to time elsewhere. */
final class Progress {

    private static final long SECOND = 1_000_000_000L;
    private static final int LINES_WITHOUT_TERMINAL_EVERY = 5;

    private final PrintStream out;
    private final boolean inPlace;
    private final List<String> targets;
    private final Map<String, Long> before = new LinkedHashMap<>();
    private long beforeNanos = System.nanoTime();
    private int shown;
    private int width;

    Progress(PrintStream out, boolean inPlace, List<String> targets) {
        this.out = out;
        this.inPlace = inPlace;
        this.targets = targets;
    }

    /** The number of groups in all targets. */
    long delivered(JsonNode stats) {
        long sum = 0;
        for (String target : targets) {
            sum += RemoteSlsLocal.groups(stats, target);
        }
        return sum;
    }

    /**
     * Shows the current state.
     *
     * @param fed number of groups written to the source
     * @param unrouted number of them that are routed nowhere
     */
    void show(JsonNode stats, long fed, long unrouted, int checkpoints, String note) {
        long now = System.nanoTime();
        double seconds = Math.max(1, now - beforeNanos) / (double) SECOND;
        beforeNanos = now;
        StringBuilder line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "written %,d", fed));
        for (String target : targets) {
            long groups = RemoteSlsLocal.groups(stats, target);
            Long earlier = before.put(target, groups);
            line.append(String.format(
                    Locale.ROOT, " | %s %.0f/s", target, (groups - (earlier == null ? 0 : earlier)) / seconds));
        }
        line.append(String.format(
                Locale.ROOT,
                " | lag %,d groups | checkpoints %d%s",
                Math.max(0, fed - unrouted - delivered(stats)),
                checkpoints,
                note.isEmpty() ? "" : " | " + note));
        print(line.toString());
    }

    private void print(String line) {
        shown++;
        if (inPlace) {
            width = Math.max(width, line.length());
            out.print("\r" + line + " ".repeat(width - line.length()));
            out.flush();
        } else if (shown % LINES_WITHOUT_TERMINAL_EVERY == 1) {
            out.println(line);
        }
    }

    /** Ends the line and leaves it as it is. */
    void end() {
        if (inPlace) {
            out.println();
        }
    }
}
