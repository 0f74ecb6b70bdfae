package io.slsdispatch.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.soak.Schedule.Event;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final int SEEDS = 50;

    @Test
    void theSameSeedMakesTheSameSchedule() {
        assertThat(of(5)).isEqualTo(of(5)).isNotEqualTo(of(6));
    }

    @Test
    void tenMinutesHoldEnoughOfEverythingWhateverTheSeed() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Schedule schedule = of(seed);
            assertThat(schedule.count(Action.KillTaskManager.class)).isGreaterThanOrEqualTo(20);
            assertThat(schedule.count(Action.KillJobManager.class)).isGreaterThanOrEqualTo(3);
            assertThat(schedule.count(Action.Split.class) + schedule.count(Action.Merge.class))
                    .isGreaterThanOrEqualTo(10);
            assertThat(schedule.count(Action.Rescale.class)).isPositive();
            assertThat(schedule.count(Action.AppendLarge.class)).isPositive();
            assertThat(schedule.count(Action.Hole.class)).isGreaterThanOrEqualTo(10);
            assertThat(faults(schedule, "answer")).isGreaterThanOrEqualTo(Schedule.GATEWAYS);
            assertThat(faults(schedule, "header")).isGreaterThanOrEqualTo(Schedule.STRIPPED);
            assertThat(outages(schedule)).isEqualTo(Set.copyOf(Layout.TARGETS));
        }
    }

    @Test
    void everythingHappensInTheOrderOfItsTimeAndEndsBeforeTheLoadDoes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Schedule schedule = of(seed);
            assertThat(schedule.events()).isSortedAccordingTo(Comparator.comparing(Event::at));
            assertThat(schedule.events()).allMatch(event -> end(event).compareTo(TEN_MINUTES) <= 0);
        }
    }

    @Test
    void shortSoaksHaveAnOutageOfEachTarget() {
        assertThat(outages(Schedule.of(1, Duration.ofMinutes(1), Layout.TARGETS)))
                .isEqualTo(Set.copyOf(Layout.TARGETS));
    }

    private static Schedule of(long seed) {
        return Schedule.of(seed, TEN_MINUTES, Layout.TARGETS);
    }

    private static long faults(Schedule schedule, String effect) {
        return schedule.events().stream()
                .filter(event -> event.action() instanceof Action.Misbehave misbehave
                        && effect.equals(misbehave.fault().json().get("effect")))
                .count();
    }

    private static Set<String> outages(Schedule schedule) {
        Set<String> targets = new HashSet<>();
        for (Event event : schedule.events()) {
            if (event.action() instanceof Action.Misbehave misbehave) {
                Optional<String> target = misbehave.fault().outageOf();
                target.ifPresent(targets::add);
            }
        }
        return targets;
    }

    private static Duration end(Event event) {
        if (event.action() instanceof Action.Misbehave misbehave) {
            return event.at().plus(misbehave.time());
        }
        return event.action() instanceof Action.Pause pause ? event.at().plus(pause.time()) : event.at();
    }
}
