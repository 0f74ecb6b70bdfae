package io.slsdispatch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void theMedianOfAnOddNumberOfRoundsIsTheMiddleOne() {
        Spread spread = new Spread(List.of(30.0, 10.0, 20.0));

        assertThat(spread.median()).isEqualTo(20);
        assertThat(spread.min()).isEqualTo(10);
        assertThat(spread.max()).isEqualTo(30);
        assertThat(spread).hasToString("20 (10-30)");
    }

    @Test
    void theMedianOfAnEvenNumberOfRoundsLiesBetweenTheTwoInTheMiddle() {
        assertThat(new Spread(List.of(1.0, 40.0, 10.0, 20.0)).median()).isEqualTo(15);
    }

    @Test
    void thereIsNoSpreadOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Spread(List.of()));
    }
}
