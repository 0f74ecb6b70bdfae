package io.slsdispatch.job.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.put.PutContext;
import io.slsdispatch.connector.put.PutMetrics;
import io.slsdispatch.connector.put.PutThread;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.redrive.TargetQueue.Addressed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code redrive} makes of answers: by the same judgement as the sink. */
class TargetQueueTest {

    private static final LogstoreId LOGSTORE = new LogstoreId("project", "target");
    private static final Target TARGET = new Target(
            ConnectionConfig.of(
                    Endpoint.parse("http://sls.test"), new CredentialsConfig.Environment("ID", "KEY", null)),
            SinkConfig.builder("nginx", LOGSTORE).build());

    private final List<Integer> sent = new ArrayList<>();
    private final List<Integer> refused = new ArrayList<>();
    private final List<String> hindrances = new ArrayList<>();
    private final List<Integer> stored = new ArrayList<>();
    private final HandThread thread = new HandThread();
    private final TargetQueue queue = new TargetQueue(
            TARGET,
            new PutContext(
                    client(),
                    thread,
                    new InFlightBuffer(Long.MAX_VALUE, Duration.ofDays(1)),
                    PutMetrics.NONE,
                    new Random(1)),
            new Ends());
    private Service service = groups -> null;
    private long now = 1_000_000_000L;
    private int requests;

    /** Gives null for a success. */
    @FunctionalInterface
    private interface Service extends Function<List<Integer>, SlsException> {}

    @Test
    void requestsThatAreRefusedForThemselvesRefuseNoLetterAndEnd() {
        add(20);
        run(groups -> error(400, "InvalidHost", "ID"));

        assertThat(refused).isEmpty();
        assertThat(hindrances).hasSize(20).allMatch(reason -> reason.contains("InvalidHost"));
        assertThat(requests).isLessThan(200);
    }

    @ParameterizedTest
    @CsvSource({"InvalidTimestamp, ID", "SomethingNew, ID"})
    void oneBadLetterIsRefusedAndNoOther(String code, String requestId) {
        add(50);
        run(groups -> groups.contains(17) ? error(400, code, requestId) : null);

        assertThat(refused).containsExactly(17);
        assertThat(sent).hasSize(49);
        assertThat(requests).isLessThan(40);
    }

    @Test
    void anUnknownCodeWithoutContrastRefusesNoLetter() {
        add(20);
        run(groups -> error(400, "SomethingNew", "ID"));

        assertThat(refused).isEmpty();
        assertThat(hindrances).hasSize(20);
        assertThat(requests).isLessThan(200);
    }

    @Test
    void aGatewayRefusesNoLetter() {
        add(20);
        run(groups -> error(400, "InvalidTimestamp", ""));

        assertThat(refused).isEmpty();
        assertThat(hindrances).hasSize(20);
    }

    @Test
    void listsThatAGatewayDoesNotKnowGoOneByOne() {
        add(100);
        run(groups -> groups.size() > 1 ? error(501, "BadResponse", "") : null);

        assertThat(sent)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 100).boxed().toList());
        assertThat(requests).isLessThan(140);
    }

    @Test
    void threeUnconfirmedPutsEndTheTargetWithAReason() {
        add(3);
        run(groups -> {
            stored.addAll(groups);
            return new SlsException(
                    ErrorKind.UNAVAILABLE, "PutLogs", "project/target", 200, "UnreadableAnswer", "", "no id", null);
        });

        assertThat(hindrances).hasSize(3).allMatch(reason -> reason.contains("x-log-requestid"));
        assertThat(stored).hasSizeLessThanOrEqualTo(9);
    }

    /** One group makes the service fail while it takes all others: the run must end. */
    @Test
    void aLetterThatFailsForEverWhileOthersAreTakenEndsToo() {
        add(50);
        run(groups -> groups.contains(3) ? error(500, "InternalServerError", "ID") : null);

        assertThat(sent).contains(0, 1, 2, 49);
        assertThat(hindrances).isNotEmpty();
        assertThat(refused).isEmpty();
    }

    private void add(int letters) {
        for (int i = 0; i < letters; i++) {
            RawLogGroup group = new RawLogGroup(new byte[100], 0, 100, "topic", 0, "cursor", i);
            DeadLetter letter = new DeadLetter(
                    group,
                    "nginx",
                    LOGSTORE,
                    new DeadLetter.Reason(DeadLetter.Cause.OUTAGE, "", -1, "", ""),
                    Instant.EPOCH);
            queue.add(new Addressed("letter-" + i, letter, TARGET));
        }
    }

    private void run(Service answers) {
        service = answers;
        queue.flush();
        int steps = 0;
        while (!queue.isIdle()) {
            assertThat(steps++).as("steps").isLessThan(100_000);
            thread.runNext();
        }
    }

    private SlsClient client() {
        return (SlsClient) Proxy.newProxyInstance(
                SlsClient.class.getClassLoader(), new Class<?>[] {SlsClient.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("put")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    requests++;
                    now += Duration.ofMillis(5).toNanos();
                    SlsException error = service.apply(((PutRequest) arguments[0])
                            .groups().stream().map(RawLogGroup::index).toList());
                    return error == null
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.failedFuture(error);
                });
    }

    /** Answers first, then timers, for which the clock moves. */
    private final class HandThread implements PutThread {

        private record Timer(long at, long number, Task task) {}

        private final Deque<Task> tasks = new ArrayDeque<>();
        private final PriorityQueue<Timer> timers =
                new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
        private long count;

        @Override
        public void execute(Task task, String description) {
            tasks.add(task);
        }

        @Override
        public void after(Duration delay, Task task) {
            timers.add(new Timer(now + delay.toNanos(), count++, task));
        }

        @Override
        public long now() {
            return now;
        }

        void runNext() {
            try {
                if (tasks.isEmpty()) {
                    Timer timer = timers.remove();
                    now = Math.max(now, timer.at);
                    timer.task.run();
                } else {
                    tasks.remove().run();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What became of letters. */
    private final class Ends implements TargetQueue.Receiver {

        @Override
        public void sent(Addressed letter) {
            sent.add(index(letter));
        }

        @Override
        public void refused(Addressed letter, String reason) {
            refused.add(index(letter));
        }

        @Override
        public void notSent(Addressed letter, String reason) {
            hindrances.add(reason);
        }

        @Override
        public void says(String line) {}

        private static int index(Addressed letter) {
            return letter.letter().group().index();
        }
    }

    private static SlsException error(int status, String code, String requestId) {
        return new SlsException(
                ErrorCodes.kind("PutLogs", code, status),
                "PutLogs",
                "project/target",
                status,
                code,
                requestId,
                code + " said whoever answered",
                null);
    }
}
