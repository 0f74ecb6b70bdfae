package io.slsdispatch.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.ledger.GroupDigest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatBoundTest {

    private final RepeatBound bound =
            new RepeatBound(Map.of("a", new long[] {100, 200, 300, 400, 500}, "b", new long[] {150, 250, 350}));
    private final Repeats repeats = new Repeats();

    @Test
    void aRestartMayRepeatWhatArrivedSinceTheBeginOfItsCheckpoint() {
        bound.restart(200, 350);
        repeats.add("a", group(1), 200, 400);
        repeats.add("b", group(2), 350, 500);

        RepeatBound.Finding found = bound.judge(repeats);

        assertThat(found.isKept()).isTrue();
        assertThat(found.restartBound()).as("a: 200, 300; b: 250, 350").isEqualTo(4);
        assertThat(found.afterRestarts()).isEqualTo(2);
    }

    @Test
    void whatArrivedBeforeTheCheckpointBeganMayNotBeRepeated() {
        bound.restart(200, 350);
        repeats.add("a", group(1), 199, 400);

        RepeatBound.Finding found = bound.judge(repeats);

        assertThat(found.isKept()).isFalse();
        assertThat(found.unexplained()).isEqualTo(1);
        assertThat(found.examples())
                .singleElement()
                .asString()
                .contains("a: group")
                .contains("0.199Z");
    }

    @Test
    void moreRepeatsThanThereWereArrivalsBreakTheBound() {
        bound.restart(100, 100);
        repeats.add("a", group(1), 100, 400);
        assertThat(bound.judge(repeats).isKept()).isTrue();

        repeats.add("a", group(2), 100, 500);
        assertThat(bound.judge(repeats).isKept()).isFalse();
    }

    @Test
    void aLostAnswerAllowsForRepeatsAtItsTargetOnly() {
        bound.lostAnswers("a", 100, 200, 1);
        repeats.add("a", group(1), 150, 400);
        assertThat(bound.judge(repeats).isKept()).isTrue();

        repeats.add("b", group(2), 150, 400);
        assertThat(bound.judge(repeats).unexplained()).isEqualTo(1);
    }

    @Test
    void answersThatWereNotLostAllowForNothing() {
        bound.lostAnswers("a", 100, 200, 0);
        repeats.add("a", group(1), 150, 400);

        assertThat(bound.judge(repeats).isKept()).isFalse();
    }

    @Test
    void eachFurtherArrivalOfAGroupNeedsAReasonOfItsOwn() {
        bound.restart(100, 150);
        // The ledger shows shard after shard: the third arrival in time comes second.
        repeats.add("a", group(1), 100, 500);
        repeats.add("a", group(1), 500, 200);

        RepeatBound.Finding found = bound.judge(repeats);

        assertThat(found.repeats()).isEqualTo(2);
        assertThat(found.unexplained()).as("from 200 to 500").isEqualTo(1);
    }

    private static GroupDigest group(int number) {
        return new GroupDigest(number, number);
    }
}
