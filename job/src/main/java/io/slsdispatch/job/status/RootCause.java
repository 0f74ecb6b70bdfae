package io.slsdispatch.job.status;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The root cause of a failure in one line.
 *
 * @param message what happened
 * @param hint what to do about it; empty if nothing is known
 */
record RootCause(String message, String hint) {

    /** A line of a stack trace that names an exception: its class, and its message if it has one. */
    private static final Pattern EXCEPTION = Pattern.compile(
            "^(?:Caused by: )?((?:[\\w$]++\\.)++[\\w$]*(?:Exception|Error|Throwable|Failure)[\\w$]*)(?:: (.*))?$");

    /** What a known message means, in the order in which they are tried. */
    private static final List<Known> KNOWN = List.of(
            new Known(
                    "environment variable|SLS_AK_(?:ID|KEY)",
                    "Set the variables in the processes of Flink (JobManager and TaskManagers), and restart these."),
            new Known(
                    "older than the oldest available data|InvalidCursor",
                    "The position is older than the data in the source: see 'data gap' in the runbook."),
            new Known("\\(retry\\.grace\\)|grace period", "After the fix, the job continues from its last checkpoint."),
            new Known("permanently rejected", "See 'dead letters' in the runbook."),
            new Known("No rule matches", "Add a rule, or set 'default-route' to a target or 'drop'."),
            new Known("OutOfMemoryError|Java heap space|direct buffer memory", "See 'out of memory' in the runbook."),
            new Known(
                    "restored state belongs to logstore",
                    "Undo the change of the source's project or logstore, or start without -s."),
            new Known(
                    "Could not acquire the minimum required resources|NoResourceAvailable",
                    "Flink has too few slots: start more TaskManagers, or lower the parallelism."),
            new Known(
                    "Cannot find meta data file|Cannot find checkpoint or savepoint",
                    "The path after -s is not a savepoint that the JobManager can read."),
            new Known(
                    "Could not (?:fully )?(?:create|initialize) .*checkpoint|execution\\.checkpointing\\.dir",
                    "Check execution.checkpointing.dir: JobManager and TaskManagers must be able to write to it."));

    private record Known(Pattern pattern, String hint) {
        Known(String regex, String hint) {
            this(Pattern.compile(regex), hint);
        }
    }

    /** An exception of a stack trace. */
    private record Link(String type, String message) {

        /** Whether it says nothing but what its cause says. */
        boolean wraps(Link cause) {
            return message.isEmpty() || message.equals(cause.type) || message.startsWith(cause.type + ": ");
        }

        boolean isOfFlink() {
            return type.startsWith("org.apache.flink.") || type.startsWith("java.util.concurrent.");
        }

        /** The message; with the type where the message alone would not be understood. */
        String text() {
            String simple = type.substring(type.lastIndexOf('.') + 1);
            if (message.isEmpty()) {
                return simple;
            }
            boolean explains = message.contains(" ") && !type.endsWith("Error");
            return explains ? message : simple + ": " + message;
        }
    }

    /** Reads a stack trace: the first exception that is not only Flink's wrapping, since its message says what to do. */
    static RootCause of(String stackTrace) {
        List<Link> links = links(stackTrace);
        String message = links.isEmpty()
                ? stackTrace.lines().findFirst().orElse("unknown")
                : chosen(links).text();
        String all = message + "\n"
                + String.join("\n", links.stream().map(Link::toString).toList());
        String hint = KNOWN.stream()
                .filter(known -> known.pattern.matcher(all).find())
                .map(Known::hint)
                .findFirst()
                .orElse("");
        return new RootCause(Texts.line(message), hint);
    }

    private static List<Link> links(String stackTrace) {
        List<Link> links = new ArrayList<>();
        for (String line : stackTrace.lines().toList()) {
            Matcher found = EXCEPTION.matcher(line);
            if (found.matches()) {
                links.add(new Link(found.group(1), found.group(2) == null ? "" : found.group(2)));
            }
        }
        return links;
    }

    private static Link chosen(List<Link> links) {
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            boolean isLast = i == links.size() - 1;
            if (isLast || (!link.isOfFlink() && !link.wraps(links.get(i + 1)))) {
                return link;
            }
        }
        return links.get(links.size() - 1);
    }
}
