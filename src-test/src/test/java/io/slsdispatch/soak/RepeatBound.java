package io.slsdispatch.soak;

import io.slsdispatch.local.ledger.GroupDigest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * How many repeats are within what the job promises, and whether each of them has a reason.
 *
 * <p>A restart goes back to a checkpoint. What the targets were given before that checkpoint began is part of it, so
 * only groups that arrived between its begin and the restart can be written again. Besides restarts, only a request
 * whose response was lost is repeated: those that a fault struck after they took effect, and those that a frozen
 * process had in flight.
 */
final class RepeatBound {

    /** The most groups that one request carries. */
    private static final long GROUPS_OF_A_REQUEST = 1000;

    private final Map<String, long[]> arrivals;
    private final List<Window> restarts = new ArrayList<>();
    private final List<Window> lostAnswers = new ArrayList<>();

    /** Groups that arrived in this time, at one target or at any, may arrive again: at most so many. */
    private record Window(String target, long fromMillis, long untilMillis, long most) {

        private static final String ANY = "";

        boolean holds(String where, long millis) {
            return isAt(where) && fromMillis <= millis && millis <= untilMillis;
        }

        boolean isAt(String where) {
            return target.equals(ANY) || target.equals(where);
        }
    }

    /**
     * What was found.
     *
     * @param repeats all
     * @param afterRestarts how many of them can come from restarts
     * @param unexplained how many have no reason
     * @param restartBound the most that the restarts could make
     * @param answerBound the most that lost answers could make
     * @param examples of those without a reason
     */
    record Finding(
            long repeats,
            long afterRestarts,
            long unexplained,
            long restartBound,
            long answerBound,
            List<String> examples) {

        boolean isKept() {
            return unexplained == 0 && afterRestarts <= restartBound && repeats - afterRestarts <= answerBound;
        }

        @Override
        public String toString() {
            return ("bound on repeats: %d (%d after restarts, %d of requests whose response was lost); seen: %d (%d,"
                            + " %d), without a reason: %d")
                    .formatted(
                            restartBound + answerBound,
                            restartBound,
                            answerBound,
                            repeats,
                            afterRestarts,
                            repeats - afterRestarts,
                            unexplained);
        }
    }

    /** @param arrivals for each target the times of all its groups, unix milliseconds, sorted */
    RepeatBound(Map<String, long[]> arrivals) {
        this.arrivals = Map.copyOf(arrivals);
    }

    /** Allows for nothing yet. */
    static RepeatBound of(SlsServer service) throws IOException {
        Map<String, long[]> arrivals = new HashMap<>();
        for (String target : Layout.TARGETS) {
            LongStream.Builder millis = LongStream.builder();
            service.ledger(target).entries().forEachRemaining(entry -> millis.add(entry.receivedMillis()));
            arrivals.put(target, millis.build().sorted().toArray());
        }
        return new RepeatBound(arrivals);
    }

    /** Allows for a restart from a checkpoint that was triggered at one time, until the old attempt wrote nothing more. */
    void restart(long fromMillis, long untilMillis) {
        restarts.add(new Window(Window.ANY, fromMillis, untilMillis, Long.MAX_VALUE));
    }

    /** Allows for requests that took effect at a target and got no answer. */
    void lostAnswers(String target, long fromMillis, long untilMillis, long requests) {
        lostAnswers.add(new Window(target, fromMillis, untilMillis, requests * GROUPS_OF_A_REQUEST));
    }

    /** Allows for what a frozen process had under way. */
    void frozen(long fromMillis, long untilMillis) {
        lostAnswers.add(new Window(Window.ANY, fromMillis, untilMillis, Long.MAX_VALUE));
    }

    Finding judge(Repeats repeats) {
        Count count = new Count();
        repeats.forEach((target, group, before, millis) -> judge(count, target, group, before, millis));
        return new Finding(
                count.all,
                count.afterRestarts,
                count.unexplained,
                restarts.stream().mapToLong(this::sizeOf).sum(),
                lostAnswers.stream().mapToLong(this::sizeOf).sum(),
                List.copyOf(count.examples));
    }

    private static final class Count {

        private static final int EXAMPLES = 10;

        private final List<String> examples = new ArrayList<>();
        private long all;
        private long afterRestarts;
        private long unexplained;
    }

    private void judge(Count count, String target, GroupDigest group, long before, long millis) {
        count.all++;
        if (restarts.stream().anyMatch(window -> window.holds(target, before))) {
            count.afterRestarts++;
        } else if (lostAnswers.stream().noneMatch(window -> window.holds(target, before))) {
            count.unexplained++;
            if (count.examples.size() < Count.EXAMPLES) {
                count.examples.add("%s: group %s arrived at %s and again at %s"
                        .formatted(target, group, Instant.ofEpochMilli(before), Instant.ofEpochMilli(millis)));
            }
        }
    }

    private long sizeOf(Window window) {
        long given = arrivals.entrySet().stream()
                .filter(target -> window.isAt(target.getKey()))
                .mapToLong(target -> between(target.getValue(), window.fromMillis, window.untilMillis))
                .sum();
        return Math.min(given, window.most);
    }

    private static long between(long[] sorted, long from, long until) {
        return (long) firstAtLeast(sorted, until + 1) - firstAtLeast(sorted, from);
    }

    private static int firstAtLeast(long[] sorted, long value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
