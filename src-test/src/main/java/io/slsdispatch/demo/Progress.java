package io.slsdispatch.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The progress of the demo in at most 80 columns: on a terminal a block with a row for each target, redrawn in place;
 * elsewhere (a file, CI) a plain line now and then, and each event once.
 */
final class Progress {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final int LINE_EVERY = 5;
    private static final int BAR_COLUMNS = 28;
    private static final String CLEAR_REST_OF_LINE = "\u001b[K";

    /**
     * The values that are displayed together.
     *
     * @param phase the current step of the demo and its remaining time, such as {@code 12 s left}
     * @param written number of groups written to the source
     * @param lag number of them that are still to be delivered
     * @param delivered number of groups in each target's logstore, in the order of display
     * @param checkpoints number of completed checkpoints
     * @param event what happened last; may be empty
     */
    record State(String phase, long written, long lag, Map<String, Long> delivered, int checkpoints, String event) {}

    private final PrintStream out;
    private final boolean inPlace;
    private Map<String, Long> before = new LinkedHashMap<>();
    private long beforeNanos;
    private int shown;
    private int drawn;
    private String printedEvent = "";

    /**
     * @param inPlace whether the output is a terminal that understands ANSI escape sequences
     */
    Progress(PrintStream out, boolean inPlace) {
        this.out = out;
        this.inPlace = inPlace;
    }

    /**
     * Shows the state; elsewhere than on a terminal, only each fifth one.
     *
     * @param nowNanos time of a monotonic clock, for rates
     */
    void show(State state, long nowNanos) {
        double seconds = before.isEmpty() ? Double.POSITIVE_INFINITY : (nowNanos - beforeNanos) / NANOS_PER_SECOND;
        Map<String, Double> rates = new LinkedHashMap<>();
        state.delivered.forEach(
                (target, groups) -> rates.put(target, (groups - before.getOrDefault(target, 0L)) / seconds));
        if (inPlace) {
            draw(block(state, rates));
        } else {
            print(state, rates);
        }
        shown++;
        if (inPlace || shown % LINE_EVERY == 1) {
            before = state.delivered;
            beforeNanos = nowNanos;
        }
    }

    private void draw(List<String> lines) {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A");
        }
        lines.forEach(line -> out.print(line + CLEAR_REST_OF_LINE + System.lineSeparator()));
        drawn = lines.size();
        out.flush();
    }

    private void print(State state, Map<String, Double> rates) {
        if (!state.event.equals(printedEvent)) {
            printedEvent = state.event;
            out.println(state.event);
        }
        if (shown % LINE_EVERY == 0) {
            out.println(line(state, rates));
        }
    }

    private static List<String> block(State state, Map<String, Double> rates) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%-16s %,d groups written, %,d behind, %,d checkpoints",
                state.phase,
                state.written,
                state.lag,
                state.checkpoints));
        long most = Math.max(
                1,
                state.delivered.values().stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(1));
        state.delivered.forEach((target, groups) -> lines.add(String.format(
                Locale.ROOT, "  %-14s %,11d groups %,7.0f/s  %s", target, groups, rates.get(target), "#".repeat((int)
                                (BAR_COLUMNS * groups / most)))));
        lines.add(state.event.isEmpty() ? "" : "  " + state.event);
        return lines;
    }

    private static String line(State state, Map<String, Double> rates) {
        double rate = rates.values().stream().mapToDouble(Double::doubleValue).sum();
        return String.format(
                Locale.ROOT,
                "%s: %,d written, %,d behind, %,.0f/s delivered, %,d checkpoints",
                state.phase,
                state.written,
                state.lag,
                rate,
                state.checkpoints);
    }
}
