package io.slsdispatch.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * What happens in a soak, and when. The same seed and length make the same schedule.
 *
 * @param length of the whole
 * @param events in the order of their times
 */
record Schedule(Duration length, List<Event> events) {

    /** Least numbers in a schedule of ten minutes; longer and shorter ones have more and fewer in proportion. */
    static final int TASK_MANAGER_KILLS = 22;

    static final int JOB_MANAGER_KILLS = 4;
    static final int SPLITS = 7;
    static final int MERGES = 5;
    static final int LARGE_GROUPS = 3;

    static final int HOLES = 12;
    static final int GATEWAYS = 8;
    static final int STRIPPED = 4;

    private static final int LARGEST_HOLE_DIGITS = 15;
    private static final int RESCALES = 4;
    private static final int PAUSES = 5;
    private static final int ROTATIONS = 2;
    private static final int FAULTS = 24;
    private static final double WHOLE_MINUTES = 10;
    /** Nothing begins so near the end, so that everything is over when the load ends. */
    private static final double LAST_START = 0.94;

    /**
     * @param at since the begin
     * @param action what happens
     */
    record Event(Duration at, Action action) {

        @Override
        public String toString() {
            return "%4d s  %s".formatted(at.toSeconds(), action);
        }
    }

    Schedule {
        events = List.copyOf(events);
    }

    static Schedule of(long seed, Duration length, List<String> targets) {
        return new Draft(new Random(seed), length, targets).schedule();
    }

    /** How many of its actions are of a kind. */
    long count(Class<? extends Action> kind) {
        return events.stream().filter(event -> kind.isInstance(event.action())).count();
    }

    private static final class Draft {

        private final Random random;
        private final Duration length;
        private final List<String> targets;
        private final List<Event> events = new ArrayList<>();

        private Draft(Random random, Duration length, List<String> targets) {
            this.random = random;
            this.length = length;
            this.targets = targets;
        }

        Schedule schedule() {
            spread(TASK_MANAGER_KILLS, () -> new Action.KillTaskManager(random.nextInt(100)));
            spread(JOB_MANAGER_KILLS, () -> new Action.KillJobManager(random.nextInt(3) == 0));
            spread(SPLITS, () -> new Action.Split(random.nextInt(100), random.nextInt(3) == 0 ? 4 : 2));
            spread(MERGES, () -> new Action.Merge(random.nextInt(100)));
            spread(LARGE_GROUPS, () -> new Action.AppendLarge(random.nextInt(100)));
            spread(HOLES, () -> new Action.Hole(random.nextInt(100), hole()));
            spread(GATEWAYS, () -> new Action.Misbehave(Faults.gateway(random, targets), seconds(3, 8)));
            spread(STRIPPED, () -> new Action.Misbehave(Faults.stripped(random, targets), seconds(5, 10)));
            spread(RESCALES, () -> new Action.Rescale(1 + random.nextInt(6)));
            // Shorter and longer than the time after which a silent TaskManager is given up.
            spread(PAUSES, () -> new Action.Pause(random.nextInt(100), seconds(3, 15)));
            spread(ROTATIONS, () -> new Action.RotateKey(seconds(1, 6)));
            spread(FAULTS, () -> new Action.Misbehave(Faults.passing(random, targets), seconds(4, 12)));
            outages();
            events.sort(Comparator.comparing(Event::at));
            return new Schedule(length, events);
        }

        /** Each order of magnitude is as likely as the others. */
        private long hole() {
            return Math.round(Math.pow(10, random.nextInt(LARGEST_HOLE_DIGITS + 1)));
        }

        /** One of each target, one after the other in a random order. */
        private void outages() {
            List<String> order = new ArrayList<>(targets);
            Collections.shuffle(order, random);
            for (int i = 0; i < order.size(); i++) {
                Duration time = seconds(12, 25);
                if (time.compareTo(length.dividedBy(4L * order.size())) > 0) {
                    time = length.dividedBy(4L * order.size());
                }
                events.add(new Event(
                        moment(i, order.size()), new Action.Misbehave(Faults.outage(random, order.get(i)), time)));
            }
        }

        private void spread(int perWhole, Supplier<Action> action) {
            int count = (int) Math.ceil(perWhole * length.toMillis() / (WHOLE_MINUTES * 60_000));
            for (int i = 0; i < count; i++) {
                events.add(new Event(moment(i, count), action.get()));
            }
        }

        /** A random moment in the part {@code index} of {@code count} parts. */
        private Duration moment(int index, int count) {
            double part = (index + random.nextDouble()) / count;
            return Duration.ofMillis((long) (length.toMillis() * LAST_START * part));
        }

        private Duration seconds(int least, int most) {
            return Duration.ofSeconds(least + random.nextInt(most - least + 1));
        }
    }
}
