package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PullSizeTest {

    private static final int MIB = 1 << 20;
    private static final long MILLISECOND = 1_000_000;

    @Test
    void asksForAsManyGroupsAsMakeAGoodAnswer() {
        PullSize size = new PullSize(1000, 64 * MIB);
        size.observe(100, 100 * 25_000, MILLISECOND);

        assertThat(size.groups()).isEqualTo(41);
        assertThat(size.bytes()).isEqualTo(41 * 25_000);
    }

    @Test
    void asksForMoreWhenAnswersTakeLong() {
        PullSize size = new PullSize(1000, 64 * MIB);
        size.observe(10, 10 * MIB / 16, 100 * MILLISECOND);
        assertThat(size.bytes()).isEqualTo(2 * MIB);

        for (int i = 0; i < 50; i++) {
            size.observe(10, 10 * MIB / 16, 1000 * MILLISECOND);
        }
        assertThat(size.bytes()).isEqualTo(4 * MIB);
    }

    @Test
    void asksForLessThanHalfOfTheBudgetHoweverLongAnswersTake() {
        PullSize size = new PullSize(1000, 2 * MIB);
        size.observe(10, 10 * MIB / 16, 1000 * MILLISECOND);

        assertThat(size.bytes()).isEqualTo(MIB);
    }

    @Test
    void asksForOneGroupWhenGroupsAreHuge() {
        PullSize size = new PullSize(1000, 64 * MIB);
        size.observe(1, 10 * MIB, MILLISECOND);

        assertThat(size.groups()).isEqualTo(1);
        assertThat(size.bytes()).isEqualTo(10 * MIB);
    }

    @Test
    void asksForNoMoreThanIsAllowed() {
        PullSize size = new PullSize(200, 64 * MIB);
        size.observe(100, 100, MILLISECOND);

        assertThat(size.groups()).isEqualTo(200);
    }

    @Test
    void beginsCarefullyWhileNothingIsKnown() {
        PullSize size = new PullSize(1000, 64 * MIB);

        assertThat(size.groups()).isEqualTo(100);
        assertThat(size.bytes()).isEqualTo(4 * MIB);
    }

    @Property
    void adaptsToAnyShard(
            @ForAll @IntRange(min = 1, max = 1000) int groups,
            @ForAll @IntRange(min = 2, max = 10 * MIB) int bytesPerGroup,
            @ForAll @IntRange(min = 1, max = 64 * MIB) int budget,
            @ForAll @LongRange(min = 0, max = 100_000 * MILLISECOND) long nanos) {
        PullSize size = new PullSize(1000, budget);
        for (int i = 0; i < 50; i++) {
            size.observe(groups, (long) groups * bytesPerGroup, nanos);
        }
        assertThat(size.groups()).isBetween(1, 1000);
        assertThat(size.bytes()).isLessThanOrEqualTo(Math.max(4L * MIB, bytesPerGroup) + 1);
    }
}
