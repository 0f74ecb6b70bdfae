package io.slsdispatch.local.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.local.Groups;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The official consumer library, loghub-client-lib 0.6.41 as released. It offers no proxy and makes its client by itself,
 * for port 80 of the project's host. So each worker is a JVM of its own with a hosts file that gives this host an address,
 * and a SOCKS proxy by which the JVM reaches any address.
 */
class ConsumerLibraryTest {

    static final String PROJECT = "consumed-project";
    static final String LOGSTORE = "consumed";
    static final Credential KEY = new Credential("consumer-key", "consumer-secret");

    private static final int SHARDS = 4;
    // Of a net for documentation (RFC 5737): no JVM takes it for its own machine, which it would not ask a proxy for.
    private static final String ADDRESS = "192.0.2.1";

    @TempDir
    private Path folder;

    @Test
    void twoWorkersShareTheShardsAndOneTakesOverWhenTheOtherStops() throws Exception {
        SlsLocalOptions options = SlsLocalOptions.builder()
                .threads(1)
                .credential(KEY)
                .logstore(PROJECT, LOGSTORE, SHARDS)
                .build();
        try (SlsLocal server = SlsLocal.start(options);
                SocksServer socks = new SocksServer(server.port());
                Worker one = new Worker("one", socks.port());
                Worker two = new Worker("two", socks.port())) {
            write(server, 0, 40);
            await().atMost(Duration.ofMinutes(2)).until(() -> hold(one, two).equals(topics(0, 40)));

            // Until both have a part: the shards move with the heartbeats.
            int[] written = {40};
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                write(server, written[0], written[0] + SHARDS);
                written[0] += SHARDS;
                return !one.read().isEmpty() && !two.read().isEmpty();
            });
            await().atMost(Duration.ofMinutes(2)).until(() -> hold(one, two).equals(topics(0, written[0])));

            one.stop();
            write(server, written[0], written[0] + 40);
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> two.read().containsAll(topics(written[0], written[0] + 40)));
            assertThat(hold(one, two)).isEqualTo(topics(0, written[0] + 40));
        }
    }

    private static void write(SlsLocal server, int from, int to) {
        for (int i = from; i < to; i++) {
            server.put(PROJECT, LOGSTORE, i % SHARDS, Groups.group("group-" + i, "v", 1));
        }
    }

    private static Set<String> topics(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "group-" + i).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> hold(Worker one, Worker two) throws IOException {
        Set<String> both = new TreeSet<>(one.read());
        both.addAll(two.read());
        return both;
    }

    private final class Worker implements AutoCloseable {

        private final Path output;
        private final Process process;

        Worker(String name, int socksPort) throws IOException {
            Path hosts = Files.writeString(folder.resolve("hosts-" + name), ADDRESS + " " + PROJECT + ".sls.test\n");
            output = folder.resolve(name + ".txt");
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.net.preferIPv4Stack=true",
                            "-Djdk.net.hosts.file=" + hosts,
                            "-DsocksProxyHost=127.0.0.1",
                            "-DsocksProxyPort=" + socksPort,
                            "-cp",
                            System.getProperty("java.class.path"),
                            ConsumerMain.class.getName(),
                            name)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        }

        /** The topics of the groups that it has been given. */
        Set<String> read() throws IOException {
            List<String> lines = Files.readAllLines(output);
            return lines.stream()
                    .filter(line -> line.startsWith("read ") && line.split(" ").length == 3)
                    .map(line -> line.split(" ")[2])
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** Lets it end by itself. */
        void stop() throws IOException, InterruptedException {
            process.getOutputStream().close();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
