package io.slsdispatch.connector.model;

import static io.slsdispatch.connector.client.FakeSls.cursorOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PulledBatchTest {

    @Test
    void answerWithAllThatFollowsTheCursorBeginsThere() {
        assertThat(answer(3, cursorOf(13)).begin(Cursor.of(cursorOf(10)))).isEqualTo(Cursor.of(cursorOf(10)));
    }

    @Test
    void answerThatLeavesGroupsOutBeginsBehindThem() {
        assertThat(answer(3, cursorOf(20)).begin(Cursor.of(cursorOf(10)))).isEqualTo(Cursor.of(cursorOf(17)));
    }

    @Test
    void emptyAnswerBeginsWhereItsNextCursorIs() {
        assertThat(answer(0, cursorOf(10)).begin(Cursor.of(cursorOf(10)))).isEqualTo(Cursor.of(cursorOf(10)));
        assertThat(answer(0, cursorOf(20)).begin(Cursor.of(cursorOf(10)))).isEqualTo(Cursor.of(cursorOf(20)));
        assertThat(answer(0, "").begin(Cursor.of(cursorOf(10)))).isEqualTo(Cursor.of(cursorOf(10)));
    }

    @Test
    void cursorsOfAnotherFormGiveNoReasonToDoubtAnAnswer() {
        assertThat(answer(3, "end").begin(Cursor.of("begin"))).isEqualTo(Cursor.of("begin"));
        assertThat(answer(3, cursorOf(20)).begin(Cursor.of("begin"))).isEqualTo(Cursor.of("begin"));
    }

    @Test
    void knowsWhetherItLeavesOutNumbers() {
        assertThat(answer(3, cursorOf(13)).leavesOutNoNumber(cursorOf(10))).isTrue();
        assertThat(answer(3, cursorOf(16)).leavesOutNoNumber(cursorOf(10)))
                .as("the hole may be before, between or behind them")
                .isFalse();
        assertThat(answer(3, "next").leavesOutNoNumber("asked")).isFalse();
    }

    @Test
    void knowsWhetherItsNextCursorIsBehindAllOfItsGroups() {
        Cursor asked = Cursor.of(cursorOf(10));
        assertThat(answer(3, cursorOf(13)).movesTooLittle(asked)).isFalse();
        assertThat(answer(3, cursorOf(20)).movesTooLittle(asked)).isFalse();
        assertThat(answer(0, cursorOf(10)).movesTooLittle(asked)).isFalse();
        assertThat(answer(3, "next").movesTooLittle(Cursor.of("asked"))).isFalse();
        assertThat(answer(3, cursorOf(12)).movesTooLittle(asked)).isTrue();
        assertThat(answer(3, cursorOf(10)).movesTooLittle(asked)).isTrue();
        assertThat(answer(3, cursorOf(9)).movesTooLittle(asked)).isTrue();
        assertThat(answer(3, "").movesTooLittle(asked)).isTrue();
        assertThat(answer(3, "same").movesTooLittle(Cursor.of("same"))).isTrue();
    }

    private static PulledBatch answer(int groups, String nextCursor) {
        return new PulledBatch(new byte[0], 0, groups, nextCursor, false, 0, 0);
    }
}
