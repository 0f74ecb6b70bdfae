package io.slsdispatch.connector.client.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.exchange.ApiRequest.CallType;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I/O threads that end while they are needed, and those that end because nobody needs them. */
@Timeout(120)
class EndedThreadsTest {

    private static final ApiRequest GET = new ApiRequest("GET", "project", "/", new TreeMap<>(), Map.of(), null);

    @Test
    void callsOfAThreadThatHasEndedFailForGoodAndWhoeverConnectsNextGetsANewOne() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            HttpTransport calls = calls(deaf);
            try {
                CompletableFuture<?> pending = pull(calls).result();
                EventLoop dead = calls.thread().loop();
                end(dead);

                // Not as an SlsException, which the job would repeat: it has to fail.
                assertThatThrownBy(() -> pending.get(60, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("an error has stopped the I/O thread");
                assertThatThrownBy(() -> pull(calls).result().get(60, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("an error has stopped the I/O thread");
                assertThat(calls.isUsable()).isFalse();

                // Although the old ones are still held.
                HttpTransport next = calls(deaf);
                try {
                    assertThat(next.isUsable()).isTrue();
                    assertThat(next.thread().loop()).isNotSameAs(dead);
                    assertThat(next.thread().loop().submit(() -> "runs").get(60, TimeUnit.SECONDS))
                            .isEqualTo("runs");
                } finally {
                    next.close();
                }
            } finally {
                calls.close();
            }
        }
        assertThat(ioThreads()).noneMatch(name -> name.startsWith("sls-client-io"));
    }

    @Test
    void whateverAStepThrowsEndsTheCall() throws Exception {
        Error error = new NoClassDefFoundError("of the test");
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            HttpTransport calls = HttpTransport.open(config(deaf), credentials(), task -> {
                throw error;
            });
            try {
                assertThatThrownBy(() -> pull(calls).result().get(60, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCause(error);
            } finally {
                calls.close();
            }
        }
    }

    @Test
    void anErrorOfWhatReadsAnAnswerEndsTheCall() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answer(socket), "server of the test");
            server.start();
            HttpTransport calls = calls(socket);
            try {
                PendingCall<String> call = calls.send(
                        CallType.CONTROL,
                        GET,
                        new Failures("Look", "up", credentials()),
                        answer -> answer.json(json -> {
                            throw new NoClassDefFoundError("of the test");
                        }));

                assertThatThrownBy(() -> call.result().get(60, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOf(NoClassDefFoundError.class);
            } finally {
                calls.close();
            }
        }
    }

    /** Flink closes the class loader behind the last user; a thread that then needs one more class dies of that. */
    @Test
    void theThreadsHaveEndedWhenTheLastUserHasGoneAlsoWhenThatOneIsInterrupted() throws Exception {
        // A server of an earlier test in this JVM may have left a thread of Netty that ends by itself within a second.
        await("the threads of other tests").until(() -> ioThreads().isEmpty());
        for (int i = 0; i < 20; i++) {
            EventLoops loops = EventLoops.acquire();
            CountDownLatch busy = new CountDownLatch(1);
            EventLoop loop = loops.thread(() -> {}).loop();
            loop.execute(() -> {
                busy.countDown();
                // Some work that the end must wait for.
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            });
            busy.await();

            Thread.currentThread().interrupt();
            loops.release();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(ioThreads()).isEmpty();
        }
    }

    private static PendingCall<String> pull(HttpTransport calls) {
        return calls.send(
                CallType.PULL, GET, new Failures("PullLogs", "of the test", credentials()), answer -> "not expected");
    }

    private static void answer(ServerSocket socket) {
        try (var connection = socket.accept()) {
            int request = connection.getInputStream().read(new byte[10_000]);
            assertThat(request).isPositive();
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nx-log-requestid: R\r\ncontent-length: 2\r\n\r\n{}".getBytes(US_ASCII));
            int unused = connection.getInputStream().read();
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static void end(EventLoop loop) throws InterruptedException {
        var unused = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(loop.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    private static List<String> ioThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("sls-client-io") || name.startsWith("globalEventExecutor"))
                .toList();
    }

    private static HttpTransport calls(ServerSocket server) {
        return HttpTransport.open(config(server), credentials(), ForkJoinPool.commonPool());
    }

    private static ConnectionConfig config(ServerSocket server) {
        return ConnectionConfig.of(
                Endpoint.parse("http://127.0.0.1:" + server.getLocalPort()),
                new CredentialsConfig.File("not read by this test"));
    }

    private static RequestCredentials credentials() {
        return new RequestCredentials(() -> Credentials.lasting("id", "secret"), Runnable::run);
    }
}
