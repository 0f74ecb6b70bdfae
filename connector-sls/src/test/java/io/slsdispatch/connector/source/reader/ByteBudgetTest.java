package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

    private final AtomicInteger signals = new AtomicInteger();
    private final ByteBudget budget = new ByteBudget(100, signals::incrementAndGet);

    @Test
    void refusesWhatDoesNotFitBesideWhatIsHeld() {
        assertThat(budget.tryTake(60)).isTrue();
        assertThat(budget.tryTake(41)).isFalse();
        assertThat(budget.tryTake(40)).isTrue();
        assertThat(budget.taken()).isEqualTo(100);
    }

    @Test
    void letsAnythingThroughWhenNothingIsHeld() {
        assertThat(budget.tryTake(5000)).isTrue();
        assertThat(budget.tryTake(1)).isFalse();
        budget.giveBack(5000);
        assertThat(budget.tryTake(5000)).isTrue();
    }

    @Test
    void countsAnswersAtTheirTrueSize() {
        budget.tryTake(50);
        budget.correct(50, 150);
        assertThat(budget.tryTake(1)).isFalse();
        budget.giveBack(150);
        assertThat(budget.taken()).isZero();
    }

    @Test
    void saysWhenThereIsRoomAgain() {
        budget.tryTake(50);
        budget.correct(50, 60);
        assertThat(signals).hasValue(0);
        budget.correct(60, 10);
        budget.giveBack(10);
        assertThat(signals).hasValue(2);
    }
}
