package io.slsdispatch.connector.sink.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreationRulesTest {

    private static List<CreationRules> writers(int count, int limit) {
        return IntStream.range(0, count)
                .mapToObj(i -> new CreationRules(i, count, limit))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 128, 500})
    void oneWriterCreatesAtOnceAndAllWithinTheTimeToTakeOver(int count) {
        for (String name : List.of("app-a", "app-b", "team-c", "")) {
            List<Duration> delays = writers(count, 1000).stream()
                    .map(rules -> rules.delay(name))
                    .toList();

            assertThat(delays).doesNotHaveDuplicates().contains(Duration.ZERO);
            assertThat(delays).allMatch(delay -> delay.compareTo(CreationRules.TAKE_OVER_WITHIN) < 0);
        }
    }

    @Test
    void namesAreSharedAmongWriters() {
        List<CreationRules> writers = writers(4, 1000);
        for (CreationRules rules : writers) {
            long first = IntStream.range(0, 1000)
                    .filter(i -> rules.delay("app-" + i).isZero())
                    .count();
            assertThat(first).isBetween(150L, 350L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 128})
    void neverDoTwoWritersHaveATurnAndEachHasOne(int count) {
        List<CreationRules> writers = writers(count, 100);
        int[] turns = new int[count];
        Instant start = Instant.parse("2026-05-04T03:02:01Z");
        for (int tenths = 0; tenths < count * 100; tenths++) {
            Instant now = start.plusMillis(tenths * 100L);
            List<CreationRules> inTurn = writers.stream()
                    .filter(rules -> rules.untilTurn(now).isZero())
                    .toList();
            assertThat(inTurn).hasSizeLessThan(2);
            inTurn.forEach(rules -> turns[rules.subtask()]++);
            for (CreationRules rules : writers) {
                assertThat(rules.untilTurn(now.plus(rules.untilTurn(now)))).isZero();
            }
        }
        assertThat(Arrays.stream(turns).min().orElse(0)).isPositive();
    }

    @Test
    void clocksMayDifferByTwoSecondsAndCreationsTakeFour() {
        CreationRules first = new CreationRules(0, 2, 10);
        CreationRules second = new CreationRules(1, 2, 10);
        for (int millis = 0; millis < 20_000; millis += 50) {
            Instant now = Instant.ofEpochMilli(millis);
            if (first.untilTurn(now).isZero()) {
                for (int later = 0; later <= 4_000; later += 50) {
                    assertThat(second.untilTurn(now.plusMillis(later + 1_900))).isPositive();
                }
            }
        }
    }

    @Test
    void aListingOfAnEarlierTurnIsNotUsed() {
        CreationRules rules = new CreationRules(0, 2, 10);
        Instant now = Instant.ofEpochMilli(40_000 + 5_000);

        assertThat(rules.isOfThisTurn(now.minusMillis(3_000), now)).isTrue();
        assertThat(rules.isOfThisTurn(now.minusMillis(3_001), now)).isFalse();
    }

    /** Writers list and create in any interleaving; only those whose listing shows the margin may create freely. */
    @Test
    void writersThatCreateFreelyNeverExceedTheLimit() {
        Random random = new Random(3);
        for (int run = 0; run < 500; run++) {
            int count = 2 + random.nextInt(7);
            int limit = 5 + random.nextInt(300);
            List<CreationRules> writers = writers(count, limit);
            int[] credits = new int[count];
            int logstores = random.nextInt(limit);
            for (int step = 0; step < 3_000; step++) {
                int who = random.nextInt(count);
                if (credits[who] > 0) {
                    credits[who]--;
                    logstores++;
                } else {
                    CreationRules rules = writers.get(who);
                    credits[who] = rules.takesTurns(logstores) ? 0 : rules.perListing();
                }
            }
            assertThat(logstores).isLessThanOrEqualTo(limit);
        }
    }
}
