package io.slsdispatch.connector.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutPolicy.Adaptation;
import io.slsdispatch.connector.put.PutPolicy.BatchLimits;
import io.slsdispatch.connector.put.PutPolicy.Limits;
import io.slsdispatch.connector.put.PutPolicy.Linger;
import io.slsdispatch.connector.put.PutPolicy.Patience;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an engine promises its owner; what it makes of errors is in the tables of its drivers. */
class PutEngineTest {

    private static final int GROUP = 100;
    private static final int ENGINES = 1000;

    private final InFlightBuffer buffer = new InFlightBuffer(ENGINES * 200L, Duration.ofDays(1));
    private final HandThread thread = new HandThread();
    private final List<PutRequest> requests = new ArrayList<>();
    private final Deque<CompletableFuture<Void>> answers = new ArrayDeque<>();
    private final Ends ends = new Ends();

    @Test
    void aThousandEnginesShareOneThreadAndOneBudgetOfBytes() throws Exception {
        List<PutEngine<RawLogGroup>> engines = IntStream.range(0, ENGINES)
                .mapToObj(i -> engine("logstore-" + i, Linger.NONE))
                .toList();

        for (PutEngine<RawLogGroup> engine : engines) {
            engine.add(group());
        }
        assertThat(requests.stream().map(PutRequest::logstore).distinct()).hasSize(ENGINES);
        assertThat(buffer.groups()).isEqualTo(ENGINES);
        assertThat(buffer.bytes()).isEqualTo(ENGINES * (long) GROUP);
        assertThat(buffer.fits(GROUP, thread.now())).isFalse();

        answerAll();

        assertThat(engines).allMatch(PutEngine::isIdle);
        assertThat(ends.acknowledged).isEqualTo(ENGINES);
        assertThat(buffer.bytes()).isZero();
        assertThat(buffer.fits(GROUP, thread.now())).isTrue();
    }

    @Test
    void aClosedEngineSendsNothingAndHearsNoAnswer() throws Exception {
        PutEngine<RawLogGroup> engine = engine("logstore", Linger.NONE);
        engine.add(group());
        engine.close();

        engine.add(group());
        engine.flush();
        answerAll();
        engine.check();

        assertThat(requests).hasSize(1);
        assertThat(ends.acknowledged).isZero();
    }

    /** A checkpoint waits for it: a second request at once is better than one after an answer. */
    @Test
    void whatWaitsForAnAnswerIsSentWhenItIsTold() throws Exception {
        PutEngine<RawLogGroup> engine = engine("logstore", Linger.WHILE_IN_FLIGHT);
        engine.add(group());
        engine.addAll(List.of(group(), group()));
        assertThat(requests).as("the rest waits for the answer").hasSize(1);

        engine.flush();

        assertThat(requests).hasSize(2);
        answerAll();
        assertThat(engine.isIdle()).isTrue();
    }

    @Test
    void whatWaitsForMoreIsSentWhenItIsTold() throws Exception {
        PutEngine<RawLogGroup> engine = engine("logstore", Linger.UNTIL_FLUSH);
        engine.addAll(List.of(group(), group(), group()));
        assertThat(requests).isEmpty();
        assertThat(engine.isIdle()).isFalse();

        engine.flush();
        answerAll();

        assertThat(requests).singleElement().satisfies(put -> assertThat(put.groups())
                .hasSize(3));
        assertThat(engine.isIdle()).isTrue();
    }

    @Test
    void anEngineThatIsGivenUpGivesBackWhatIsNotInFlightAndTheRestWhenItFails() throws Exception {
        PutEngine<RawLogGroup> engine = engine("logstore", Linger.NONE);
        for (int i = 0; i < 4; i++) {
            engine.add(group());
        }
        int sent = requests.size();

        engine.giveUp();
        engine.add(group());
        assertThat(ends.notDelivered).isEqualTo(5 - sent);

        answers.remove().complete(null);
        answers.remove().cancel(true);
        thread.run();
        assertThat(ends.broken).isEqualTo(1);
        assertThat(ends.acknowledged).isEqualTo(1);
        assertThat(requests).hasSize(sent);
    }

    @Test
    void aListenerThatIgnoresTheEndOfRetriesIsAnError() {
        PutEngine<RawLogGroup> engine = engine("logstore", Linger.NONE);
        ends.ignoresEndOfRetries = true;

        assertThatIllegalStateException()
                .isThrownBy(() -> {
                    // A success without a request id.
                    engine.add(group());
                    for (int i = 0; i < PutErrors.MOST_UNCONFIRMED; i++) {
                        answers.remove().completeExceptionally(unconfirmed());
                        thread.run();
                        thread.runTimers();
                    }
                })
                .withMessageContaining("neither failed nor gave up the target");
    }

    private static SlsException unconfirmed() {
        return new SlsException(ErrorKind.UNAVAILABLE, "PutLogs", "logstore", 200, "", "", "no request id", null);
    }

    @Test
    void whatIsWithdrawnLeavesTheBuffer() {
        PutEngine<RawLogGroup> engine = engine("logstore", Linger.UNTIL_FLUSH);
        engine.addAll(List.of(group(), group()));

        engine.withdraw(group -> true);

        assertThat(buffer.groups()).isZero();
        assertThat(engine.isIdle()).isTrue();
    }

    private PutEngine<RawLogGroup> engine(String logstore, Linger linger) {
        Limits limits = new Limits(2, true, BatchLimits.LIST, Adaptation.RATE, linger);
        PutPolicy policy = new PutPolicy(
                false,
                limits,
                RetryPolicy.DEFAULT,
                Patience.PER_BATCH,
                Outage.BLOCK,
                Duration.ofSeconds(40),
                CompressionConfig.LZ4);
        return new PutEngine<>(
                new LogstoreId("project", logstore),
                policy,
                new Groups(),
                ends,
                new PutContext(client(), thread, buffer, PutMetrics.NONE, new Random(1)));
    }

    private void answerAll() throws IOException {
        while (!answers.isEmpty()) {
            answers.remove().complete(null);
            thread.run();
        }
    }

    private SlsClient client() {
        return (SlsClient) Proxy.newProxyInstance(
                SlsClient.class.getClassLoader(), new Class<?>[] {SlsClient.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("put")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    requests.add((PutRequest) arguments[0]);
                    CompletableFuture<Void> answer = new CompletableFuture<>();
                    answers.add(answer);
                    return answer;
                });
    }

    private static RawLogGroup group() {
        return new RawLogGroup(new byte[GROUP], 0, GROUP, "topic", 0, "cursor", 0);
    }

    private static final class Groups implements PutItems<RawLogGroup> {

        @Override
        public int bytes(RawLogGroup group) {
            return group.length();
        }

        @Override
        public List<RawLogGroup> groups(List<RawLogGroup> groups) {
            return groups;
        }

        @Override
        public boolean areGroups() {
            return true;
        }
    }

    private static final class HandThread implements PutThread {

        private final Deque<Task> tasks = new ArrayDeque<>();
        private final Deque<Task> timers = new ArrayDeque<>();

        @Override
        public void execute(Task task, String description) {
            tasks.add(task);
        }

        @Override
        public void after(Duration delay, Task task) {
            timers.add(task);
        }

        @Override
        public long now() {
            return 1_000_000_000L;
        }

        void run() throws IOException {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        void runTimers() throws IOException {
            tasks.addAll(timers);
            timers.clear();
            run();
        }
    }

    private static final class Ends implements PutListener<RawLogGroup> {

        private int acknowledged;
        private int notDelivered;
        private int broken;
        private boolean ignoresEndOfRetries;

        @Override
        public void acknowledged(List<RawLogGroup> groups) {
            acknowledged += groups.size();
        }

        @Override
        public void rejected(RawLogGroup group, SlsException reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void notDelivered(RawLogGroup group, SlsException lastError) {
            notDelivered++;
        }

        @Override
        public void exhausted(Exhausted why, SlsException error) {
            if (ignoresEndOfRetries) {
                return;
            }
            throw new AssertionError(error);
        }

        @Override
        public void broke(Throwable error) {
            broken++;
        }
    }
}
