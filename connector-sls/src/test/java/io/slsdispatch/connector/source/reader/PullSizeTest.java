package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PullSizeTest {

    private static final int MIB = 1 << 20;

    @Test
    void asksForAsManyGroupsAsMakeAGoodAnswer() {
        PullSize size = new PullSize(1000, 64 * MIB);
        size.observe(100, 100 * 250_000);

        assertThat(size.groups()).isEqualTo(16);
        assertThat(size.bytes()).isBetween(3L * MIB, 4L * MIB);
    }

    @Test
    void asksForOneGroupWhenGroupsAreHuge() {
        PullSize size = new PullSize(1000, 64 * MIB);
        size.observe(1, 10 * MIB);

        assertThat(size.groups()).isEqualTo(1);
        assertThat(size.bytes()).isEqualTo(10 * MIB);
    }

    @Test
    void asksForNoMoreThanIsAllowed() {
        PullSize size = new PullSize(200, 64 * MIB);
        size.observe(100, 100);

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
            @ForAll @IntRange(min = 1, max = 64 * MIB) int budget) {
        PullSize size = new PullSize(1000, budget);
        for (int i = 0; i < 50; i++) {
            size.observe(groups, (long) groups * bytesPerGroup);
        }
        assertThat(size.groups()).isBetween(1, 1000);
        assertThat(size.bytes()).isLessThanOrEqualTo(Math.max(4L * MIB, bytesPerGroup) + 1);
    }
}
