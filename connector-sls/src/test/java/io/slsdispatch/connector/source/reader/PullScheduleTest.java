package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PullScheduleTest {

    private final PullSchedule<String> schedule = new PullSchedule<>();

    private List<String> due(long now) {
        schedule.advance(now);
        List<String> due = new ArrayList<>();
        for (String item = schedule.peek(); item != null; item = schedule.peek()) {
            due.add(item);
            schedule.remove();
        }
        return due;
    }

    @Test
    void servesInTheOrderInWhichItemsBecomeDue() {
        schedule.add("late", 30, 0);
        schedule.add("early", 10, 0);
        schedule.add("also early", 10, 0);

        assertThat(due(9)).isEmpty();
        assertThat(due(10)).containsExactly("early", "also early");
        assertThat(due(30)).containsExactly("late");
    }

    @Test
    void servesEveryItemBeforeAnyComesTwice() {
        for (String item : List.of("a", "b", "c")) {
            schedule.add(item, 0, 0);
        }
        List<String> served = new ArrayList<>();
        for (int turn = 0; turn < 9; turn++) {
            schedule.advance(turn);
            String item = schedule.peek();
            schedule.remove();
            served.add(item);
            schedule.add(item, turn, 0);
        }
        assertThat(served).containsExactly("a", "b", "c", "a", "b", "c", "a", "b", "c");
    }

    @Test
    void saysHowLongUntilTheNextItemIsDue() {
        assertThat(schedule.nanosToNext(0)).isEqualTo(Long.MAX_VALUE);
        schedule.add("a", 100, 0);

        assertThat(schedule.nanosToNext(30)).isEqualTo(70);
        assertThat(schedule.nanosToNext(130)).isZero();
    }

    @Test
    void letsThoseThatAreNearlyDueComeAlongWithTheFirstOne() {
        schedule.add("first", 100, 5);
        schedule.add("exact", 130, 0);
        schedule.add("near", 120, 20);
        schedule.add("far", 140, 20);

        assertThat(due(99)).as("nothing is early by itself").isEmpty();
        assertThat(due(100)).containsExactly("first", "near");
        assertThat(due(129)).isEmpty();
        assertThat(due(130)).containsExactly("exact", "far");
    }

    @Test
    void survivesTheOverflowOfTheClock() {
        schedule.add("after", Long.MIN_VALUE + 10, 0);
        schedule.add("before", Long.MAX_VALUE - 10, 0);

        assertThat(due(Long.MAX_VALUE - 5)).containsExactly("before");
        assertThat(schedule.nanosToNext(Long.MAX_VALUE)).isEqualTo(11);
        assertThat(due(Long.MIN_VALUE + 10)).containsExactly("after");
    }
}
