package io.slsdispatch.connector.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class FairSemaphoreTest {

    private final Queue<Runnable> thread = new ArrayDeque<>();
    private final List<String> began = new ArrayList<>();
    private final FairSemaphore semaphore = new FairSemaphore(2, thread::add);

    @Test
    void comeInOrderAsFarAsOthersHaveEnded() {
        Runnable a = taken("a");
        Runnable b = taken("b");
        taken("c");
        taken("d");
        assertThat(began).containsExactly("a", "b");

        semaphore.release(b);
        runThread();
        assertThat(began).containsExactly("a", "b", "c");

        semaphore.release(a);
        runThread();
        assertThat(began).containsExactly("a", "b", "c", "d");
    }

    @Test
    void areNotGivenToThoseWhoNoLongerWait() {
        Runnable a = taken("a");
        taken("b");
        Runnable gone = taken("gone");
        taken("d");

        semaphore.release(gone);
        semaphore.release(a);
        runThread();

        assertThat(began).containsExactly("a", "b", "d");
    }

    @Test
    void areFreeAgainWhenNobodyWaits() {
        semaphore.release(taken("a"));
        semaphore.release(taken("b"));
        taken("c");
        taken("d");

        assertThat(began).containsExactly("a", "b", "c", "d");
    }

    @Test
    void areKeptForThoseWhoHaveNone() {
        FairSemaphore many = new FairSemaphore(8, thread::add);
        for (int i = 0; i < 10; i++) {
            many.acquire(() -> began.add("hangs"), "target that hangs");
        }
        assertThat(began).hasSize(6);

        many.acquire(() -> began.add("good"), "good target");
        many.acquire(() -> began.add("other"), "other target");
        many.acquire(() -> began.add("too many"), "third target");

        assertThat(began).hasSize(8).endsWith("good", "other");
    }

    @Test
    void thatAreKeptGoToTheFirstWhoHasNoneLeft() {
        FairSemaphore many = new FairSemaphore(4, thread::add);
        List<Runnable> hanging = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Runnable turn = () -> began.add("hangs");
            hanging.add(turn);
            many.acquire(turn, "target that hangs");
        }
        Runnable good = () -> began.add("good");
        many.acquire(good, "good target");
        many.acquire(() -> began.add("good again"), "good target");
        assertThat(began).containsExactly("hangs", "hangs", "hangs", "good");

        many.release(good);
        runThread();
        assertThat(began).last().isEqualTo("good again");

        many.release(hanging.get(0));
        runThread();
        assertThat(began).last().isEqualTo("good again");

        many.release(hanging.get(1));
        runThread();
        assertThat(began).last().isEqualTo("hangs");
    }

    @Test
    void thatEndAtOnceDoNotNest() {
        Runnable first = taken("first");
        Runnable second = taken("second");
        int[] ended = {0};
        for (int i = 0; i < 100_000; i++) {
            semaphore.acquire(
                    new Runnable() {
                        @Override
                        public void run() {
                            ended[0]++;
                            semaphore.release(this);
                        }
                    },
                    "target");
        }
        semaphore.release(first);
        semaphore.release(second);
        runThread();

        assertThat(ended[0]).isEqualTo(100_000);
    }

    private Runnable taken(String name) {
        Runnable turn = () -> began.add(name);
        semaphore.acquire(turn, "target");
        return turn;
    }

    private void runThread() {
        for (Runnable next = thread.poll(); next != null; next = thread.poll()) {
            next.run();
        }
    }
}
