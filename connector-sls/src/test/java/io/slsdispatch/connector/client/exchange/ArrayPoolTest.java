package io.slsdispatch.connector.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrayPoolTest {

    private static final int MIB = 1 << 20;

    private final ArrayPool pool = new ArrayPool(4 * MIB);

    @Test
    void anArrayThatWasGivenBackIsUsedAgainForAboutTheSameSize() {
        byte[] array = pool.take(MIB);
        pool.giveBack(array);

        assertThat(pool.take(MIB - 1000)).isSameAs(array);
        assertThat(pool.take(MIB - 1000)).isNotSameAs(array).hasSizeGreaterThanOrEqualTo(MIB - 1000);
    }

    @Test
    void aLargeArrayIsNotSpentOnASmallNeed() {
        byte[] array = pool.take(4 * MIB);
        pool.giveBack(array);

        assertThat(pool.take(MIB / 2)).isNotSameAs(array);
        assertThat(pool.take(4 * MIB + 1)).isNotSameAs(array);
        assertThat(pool.take(4 * MIB)).isSameAs(array);
    }

    @Test
    void noMoreIsKeptThanAllowed() {
        byte[] oldest = pool.take(2 * MIB);
        byte[] second = pool.take(2 * MIB);
        byte[] newest = pool.take(2 * MIB);
        pool.giveBack(oldest);
        pool.giveBack(second);
        pool.giveBack(newest);
        pool.giveBack(new byte[5 * MIB]);

        assertThat(pool.take(2 * MIB)).isSameAs(newest);
        assertThat(pool.take(2 * MIB)).isSameAs(second);
        assertThat(pool.take(2 * MIB)).isNotSameAs(oldest);
    }

    @Test
    void anArrayThatIsGivenBackTwiceIsUsedByOneOnly() {
        byte[] array = pool.take(MIB);
        Runnable giveBack = pool.giveBackOnce(array);
        giveBack.run();
        giveBack.run();

        assertThat(pool.take(MIB)).isSameAs(array);
        assertThat(pool.take(MIB)).isNotSameAs(array);
        giveBack.run();
        assertThat(pool.take(MIB)).isNotSameAs(array);
    }

    @Test
    void smallArraysAreMadeAsTheyAreNeeded() {
        byte[] array = pool.take(100);
        pool.giveBack(array);

        assertThat(array).hasSize(100);
        assertThat(pool.take(100)).isNotSameAs(array);
    }
}
