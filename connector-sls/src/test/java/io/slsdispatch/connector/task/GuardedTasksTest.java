package io.slsdispatch.connector.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedTasksTest {

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(GuardedTasks.threads("guarded tasks test"));
    private final List<Throwable> failures = new ArrayList<>();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void aRepeatedTaskSurvivesEveryErrorAndAListenerThatFails() throws Exception {
        CountDownLatch runs = new CountDownLatch(3);
        CountDownLatch heard = new CountDownLatch(2);

        GuardedTasks.repeat(
                timer,
                Duration.ZERO,
                Duration.ofMillis(1),
                () -> {
                    runs.countDown();
                    throw new OutOfMemoryError("of the test");
                },
                failure -> {
                    heard.countDown();
                    throw new StackOverflowError("of the test");
                });

        assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theListenerHearsAnErrorOfATask() {
        Error error = new NoClassDefFoundError("of the test");

        GuardedTasks.execute(Runnable::run, () -> failing(error), failures::add);

        assertThat(failures).containsExactly(error);
    }

    @Test
    void theListenerHearsThatATaskWasNotTaken() {
        timer.shutdownNow();

        GuardedTasks.execute(timer, () -> {}, failures::add);
        GuardedTasks.schedule(timer, Duration.ZERO, () -> {}, failures::add);

        assertThat(failures).hasSize(2).hasOnlyElementsOfType(RejectedExecutionException.class);
    }

    @Test
    void aTaskThatWasReportedAsNotTakenNeverRuns() {
        List<Runnable> kept = new ArrayList<>();
        Error noThread = new OutOfMemoryError("unable to create native thread");
        List<String> ran = new ArrayList<>();

        GuardedTasks.execute(
                task -> {
                    kept.add(task);
                    throw noThread;
                },
                () -> ran.add("ran"),
                failures::add);
        kept.forEach(Runnable::run);

        assertThat(failures).containsExactly(noThread);
        assertThat(ran).isEmpty();
    }

    @Test
    void aCallEndsWithWhateverItThrows() {
        Error error = new OutOfMemoryError("of the test");

        CompletableFuture<String> result = GuardedTasks.call(timer, () -> {
            throw error;
        });

        assertThatThrownBy(() -> result.get(30, TimeUnit.SECONDS)).hasCause(error);
    }

    @Test
    void theListenerHearsAnErrorOfACallback() {
        Error error = new OutOfMemoryError("of the test");

        GuardedTasks.whenDone(
                CompletableFuture.completedFuture("done"), (result, failure) -> failing(error), failures::add);

        assertThat(failures).containsExactly(error);
    }

    private static void failing(Error error) {
        throw error;
    }
}
