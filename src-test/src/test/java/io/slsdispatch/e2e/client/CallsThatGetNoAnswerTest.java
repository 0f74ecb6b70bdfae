package io.slsdispatch.e2e.client;

import static io.slsdispatch.e2e.client.Clients.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that hangs, trickles, breaks off or talks nonsense. */
@Timeout(120)
class CallsThatGetNoAnswerTest {

    private static final byte[] GROUP = {0x1a, 1, 't'};

    /** Short enough to wait for. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    @Test
    void endWithinTheRequestTimeOutWhenTheServiceHangs() throws Exception {
        try (StubServer server = StubServer.hanging();
                SlsClient client = impatient(server)) {
            CompletableFuture<?> pull = client.pull(Clients.pull("MTY="));
            CompletableFuture<?> put = client.put(Clients.put(GROUP));

            assertTimedOut(Clients.failureOf(pull));
            assertTimedOut(Clients.failureOf(put));
            assertThatThrownBy(() -> client.listShards(Clients.LOGSTORE))
                    .isInstanceOfSatisfying(SlsException.class, CallsThatGetNoAnswerTest::assertTimedOut);
            await().untilAsserted(() -> assertThat(server.connections()).isZero());
        }
    }

    @Test
    void endWithinTheRequestTimeOutWhenHeadersTrickle() throws Exception {
        try (StubServer server = StubServer.start((request, out) -> trickle(out, "HTTP/1.1 200 OK\r\nx-log-a: "));
                SlsClient client = impatient(server)) {
            assertTimedOut(Clients.failureOf(client.pull(Clients.pull("MTY="))));
        }
    }

    @Test
    void endWithinTheRequestTimeOutWhenTheBodyTrickles() throws Exception {
        try (StubServer server = StubServer.start(
                        (request, out) -> trickle(out, "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"));
                SlsClient client = impatient(server)) {
            assertTimedOut(Clients.failureOf(client.pull(Clients.pull("MTY="))));
        }
    }

    @Test
    void countTheWaitForTheirTurnAsTime() throws Exception {
        try (StubServer server = StubServer.hanging();
                SlsClient client = limited(server, 1, TIMEOUT)) {
            CompletableFuture<?> first = client.put(Clients.put(GROUP));
            CompletableFuture<?> second = client.put(Clients.put(GROUP));

            assertTimedOut(Clients.failureOf(first));
            SlsException unsent = Clients.failureOf(second);
            assertThat(unsent.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(unsent)
                    .hasMessageContaining("NotSent: not sent within 2 s")
                    .hasMessageContaining("its turn");
            assertThat(server.requests()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void endAtOnceWhenTheirClientIsClosedWhileOthersGoOn() throws Exception {
        Semaphore answers = new Semaphore(0);
        try (StubServer server = StubServer.start((request, out) -> {
                    answers.acquire();
                    StubServer.write(out, 200, Map.of("x-log-requestid", "REQUEST-1"), new byte[0]);
                });
                SlsClient other = limited(server, 16, Duration.ofMinutes(10))) {
            SlsClient closed = limited(server, 16, Duration.ofMinutes(10));
            CompletableFuture<?> ended = closed.put(Clients.put(GROUP));
            CompletableFuture<?> goesOn = other.put(Clients.put(GROUP));
            await().until(() -> server.requests().size() == 2);

            closed.close();

            assertThat(Clients.failureOf(ended)).satisfies(failure -> {
                assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
                assertThat(failure).hasMessageContaining("the client was closed");
            });
            await().until(() -> server.connections() == 1);
            answers.release(2);
            Clients.get(goesOn);
            assertThat(Clients.failureOf(closed.put(Clients.put(GROUP)))).hasMessageContaining("closed");
        }
    }

    @Test
    void endAtOnceWhenTheThreadThatWaitsIsInterrupted() throws Exception {
        try (StubServer server = StubServer.hanging();
                SlsClient client = limited(server, 16, Duration.ofMinutes(10))) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Thread waiting = new Thread(() -> {
                try {
                    client.listShards(Clients.LOGSTORE);
                } catch (SlsException e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            waiting.start();
            await().until(() -> server.requests().size() == 1);

            waiting.interrupt();
            waiting.join(TimeUnit.SECONDS.toMillis(60));

            assertThat(thrown.get()).hasMessageContaining("interrupted");
            assertThat(flag.get()).isTrue();
            await().until(() -> server.connections() == 0);
        }
    }

    @Test
    void giveTheirConnectionBackWhenTheyAreCancelled() throws Exception {
        try (StubServer server = StubServer.hanging();
                SlsClient client = limited(server, 1, Duration.ofMinutes(10))) {
            CompletableFuture<?> running = client.pull(Clients.pull("MTY="));
            CompletableFuture<?> waiting = client.pull(Clients.pull("MTc="));
            await().until(() -> server.requests().size() == 1);

            running.cancel(true);

            await().until(() -> server.requests().size() == 2);
            await().until(() -> server.connections() == 1);
            assertThat(waiting).isNotDone();
        }
    }

    @Test
    void areSentOnceOnly() throws Exception {
        try (StubServer server = StubServer.start((request, out) -> {
                    throw new IOException("breaks off");
                });
                SlsClient client = Clients.to(server, directory)) {
            for (int i = 1; i <= 3; i++) {
                assertThat(Clients.failureOf(client.put(Clients.put(GROUP))).kind())
                        .isEqualTo(ErrorKind.UNAVAILABLE);
                assertThat(server.requests()).hasSize(i);
            }
            assertThat(Clients.failureOf(client.pull(Clients.pull("MTY="))).kind())
                    .isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void fillNoMoreThanTheConnectionsAllowed() throws Exception {
        Semaphore answers = new Semaphore(0);
        try (StubServer server = StubServer.start((request, out) -> {
                    answers.acquire();
                    StubServer.write(out, 200, Map.of("x-log-requestid", "REQUEST-1"), new byte[0]);
                });
                SlsClient client = limited(server, 3, Duration.ofMinutes(10));
                SlsClient same = limited(server, 3, Duration.ofMinutes(10))) {
            List<CompletableFuture<Void>> puts = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                puts.add((i % 2 == 0 ? client : same).put(Clients.put(GROUP)));
            }
            await().until(() -> server.requests().size() == 3);
            answers.release(2);
            await().until(() -> server.requests().size() == 5);
            assertThat(server.connections()).isEqualTo(3);

            answers.release(8);
            for (CompletableFuture<Void> put : puts) {
                Clients.get(put);
            }
        }
    }

    @Test
    void leaveNoThreadAndNoConnectionBehindWhenTheLastClientIsClosed() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (StubServer server = StubServer.start((request, out) -> never.await())) {
            SlsClient first = limited(server, 16, Duration.ofMinutes(10));
            SlsClient second = limited(server, 16, Duration.ofMinutes(10));
            CompletableFuture<?> put = first.put(Clients.put(GROUP));
            await().until(() -> server.requests().size() == 1);

            first.close();
            second.close();
            second.close();

            assertThat(Clients.failureOf(put).kind()).isEqualTo(ErrorKind.UNAVAILABLE);
            await().until(() -> server.connections() == 0);
            await().untilAsserted(() -> assertThat(clientThreads()).isEmpty());
        }
    }

    private static List<String> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("sls-client-"))
                .toList();
    }

    private SlsClient impatient(StubServer server) {
        return limited(server, 16, TIMEOUT);
    }

    private SlsClient limited(StubServer server, int maxConcurrentRequests, Duration requestTimeout) {
        ConnectionConfig config = Clients.connection("http://127.0.0.1:" + server.port(), directory)
                .network(Clients.network(requestTimeout, maxConcurrentRequests))
                .build();
        return Clients.create(config);
    }

    private static void assertTimedOut(SlsException failure) {
        assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("no complete response within 2 s");
    }

    /** Writes a byte now and then, so that no time-out between two bytes is ever reached. */
    private static void trickle(OutputStream out, String start) throws IOException, InterruptedException {
        out.write(start.getBytes(StandardCharsets.ISO_8859_1));
        Semaphore never = new Semaphore(0);
        do {
            out.write('x');
            out.flush();
        } while (!never.tryAcquire(50, TimeUnit.MILLISECONDS));
    }
}
