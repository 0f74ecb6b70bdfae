package io.slsdispatch.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The result of the demo, as text and as {@code report.json}.
 *
 * @param groups number of groups that were written to the source
 * @param restarts how often the job was restarted; after a restart, duplicates are allowed
 * @param targets a row for each target
 */
record DemoReport(
        long groups,
        long lost,
        long duplicated,
        long misrouted,
        long altered,
        long unrouted,
        int restarts,
        List<Target> targets) {

    /**
     * @param target the target's logstore
     * @param expected number of groups of the source that belong there
     * @param groups number of groups that are there
     */
    record Target(
            String target,
            List<String> topics,
            long expected,
            long groups,
            long bytes,
            long lost,
            long duplicated,
            long misrouted,
            long altered) {}

    /** Whether each group is where it belongs, once and unchanged. */
    boolean isClean() {
        return groups > 0 && lost == 0 && misrouted == 0 && altered == 0 && (duplicated == 0 || restarts > 0);
    }

    /** Prints the result in at most 80 columns. */
    void print(PrintStream out) {
        String row = "%-15s%10s%10s%12s%7s%8s%10s%8s%n";
        out.printf(row, "TARGET", "EXPECTED", "ARRIVED", "BYTES", "LOST", "TWICE", "MISROUTED", "ALTERED");
        for (Target target : targets) {
            out.printf(
                    row,
                    target.target,
                    target.expected,
                    target.groups,
                    target.bytes,
                    target.lost,
                    target.duplicated,
                    target.misrouted,
                    target.altered);
        }
        out.printf("%d groups in the source; %d match no rule and are dropped%n", groups, unrouted);
        out.printf("lost=%d duplicated=%d misrouted=%d altered=%d%n", lost, duplicated, misrouted, altered);
    }

    void write(Path file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    }
}
