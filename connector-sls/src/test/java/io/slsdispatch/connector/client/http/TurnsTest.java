package io.slsdispatch.connector.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final Queue<Runnable> thread = new ArrayDeque<>();
    private final List<String> began = new ArrayList<>();
    private final Turns turns = new Turns(2, thread::add);

    @Test
    void comeInOrderAsFarAsOthersHaveEnded() {
        Runnable a = taken("a");
        Runnable b = taken("b");
        taken("c");
        taken("d");
        assertThat(began).containsExactly("a", "b");

        turns.giveBack(b);
        runThread();
        assertThat(began).containsExactly("a", "b", "c");

        turns.giveBack(a);
        runThread();
        assertThat(began).containsExactly("a", "b", "c", "d");
    }

    @Test
    void areNotGivenToThoseWhoNoLongerWait() {
        Runnable a = taken("a");
        taken("b");
        Runnable gone = taken("gone");
        taken("d");

        turns.giveBack(gone);
        turns.giveBack(a);
        runThread();

        assertThat(began).containsExactly("a", "b", "d");
    }

    @Test
    void areFreeAgainWhenNobodyWaits() {
        turns.giveBack(taken("a"));
        turns.giveBack(taken("b"));
        taken("c");
        taken("d");

        assertThat(began).containsExactly("a", "b", "c", "d");
    }

    @Test
    void thatEndAtOnceDoNotNest() {
        Runnable first = taken("first");
        Runnable second = taken("second");
        int[] ended = {0};
        for (int i = 0; i < 100_000; i++) {
            turns.take(new Runnable() {
                @Override
                public void run() {
                    ended[0]++;
                    turns.giveBack(this);
                }
            });
        }
        turns.giveBack(first);
        turns.giveBack(second);
        runThread();

        assertThat(ended[0]).isEqualTo(100_000);
    }

    private Runnable taken(String name) {
        Runnable turn = () -> began.add(name);
        turns.take(turn);
        return turn;
    }

    private void runThread() {
        for (Runnable next = thread.poll(); next != null; next = thread.poll()) {
            next.run();
        }
    }
}
