package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.config.ConnectionConfig.Network;
import io.slsdispatch.connector.config.CredentialsConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsSourceTest {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private final HandClock clock = new HandClock();

    @Test
    void takesEnvironmentVariablesAsTheyAreNow() throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("ID", "id-1", "KEY", "secret-1"));
        CredentialsSource source =
                new EnvironmentCredentials(new CredentialsConfig.Environment("ID", "KEY", "TOKEN"), environment::get);
        assertThat(source.current()).isEqualTo(Credentials.lasting("id-1", "secret-1"));

        environment.put("TOKEN", "token");

        assertThat(source.current().securityToken()).hasValue(Secret.of("token"));
    }

    @Test
    void ignoresWhatAFileAddsToASecretInTheEnvironment() throws Exception {
        CredentialsSource source = new EnvironmentCredentials(
                new CredentialsConfig.Environment("ID", "KEY", "TOKEN"),
                Map.of("ID", "\uFEFFid-1\r\n", "KEY", "secret-1\n", "TOKEN", "\uFEFF\n")::get);

        assertThat(source.current()).isEqualTo(Credentials.lasting("id-1", "secret-1"));
    }

    @Test
    void readsAFileWithAByteOrderMarkAndRejectsUtf16(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("credentials");
        CredentialsSource source = new FileCredentials(new CredentialsConfig.File(file.toString()), clock);

        Files.writeString(file, "access-key-id=id\n", StandardCharsets.UTF_16);
        assertThatThrownBy(source::current)
                .hasMessage("credentials file " + file + " is not UTF-8 text: save it as UTF-8");

        Files.writeString(file, "\uFEFFaccess-key-id=id-1\r\naccess-key-secret=s\r\n");
        assertThat(source.current()).isEqualTo(Credentials.lasting("id-1", "s"));
    }

    @Test
    void namesTheMissingVariableAndTheProcess() {
        CredentialsSource source = new EnvironmentCredentials(
                new CredentialsConfig.Environment("ID", "KEY", null), Map.of("ID", "id-1")::get);

        assertThatThrownBy(source::current)
                .hasMessageContaining("environment variable KEY is not set in process "
                        + ProcessHandle.current().pid());
    }

    @Test
    void refusesAtOnceWhatCanNeverComeFromTheEnvironment() {
        CredentialsConfig missing = new CredentialsConfig.Environment("NO_SUCH_VARIABLE", "NOR_THIS_ONE", null);

        assertThatThrownBy(() -> CredentialsFactory.create(missing, Network.DEFAULT, Runnable::run))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NO_SUCH_VARIABLE and NOR_THIS_ONE");
        assertThatThrownBy(() -> CredentialsFactory.create(
                        new CredentialsConfig.Chain(List.of(missing)), Network.DEFAULT, Runnable::run))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void takesTheFirstOfAChainThatHasCredentials(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("credentials");
        CredentialsSource source = CredentialsFactory.create(
                new CredentialsConfig.Chain(List.of(
                        new CredentialsConfig.Environment("NO_SUCH_VARIABLE", "NOR_THIS_ONE", null),
                        new CredentialsConfig.File(file.toString()))),
                Network.DEFAULT,
                Runnable::run);
        assertThatThrownBy(source::current)
                .hasMessageContaining("NO_SUCH_VARIABLE")
                .hasMessageContaining(file + " does not exist");

        write(file, "id-1");

        assertThat(source.current().accessKeyId()).isEqualTo("id-1");
    }

    @Test
    void noticesAChangedFileWithinSeconds(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("credentials");
        CredentialsSource source = new FileCredentials(new CredentialsConfig.File(file.toString()), clock);
        write(file, "id-1");
        assertThat(source.current().accessKeyId()).isEqualTo("id-1");

        write(file, "id-2");
        clock.advance(Duration.ofSeconds(3));

        assertThat(source.current().accessKeyId()).isEqualTo("id-2");
    }

    @Test
    void keepsWhatItReadWhileTheFileIsBeingReplaced(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("credentials");
        CredentialsSource source = new FileCredentials(new CredentialsConfig.File(file.toString()), clock);
        write(file, "id-1");
        source.current();

        Files.writeString(file, "access-key-id=");
        clock.advance(Duration.ofSeconds(3));
        assertThat(source.current().accessKeyId()).isEqualTo("id-1");

        Files.delete(file);
        clock.advance(Duration.ofSeconds(3));
        assertThat(source.current().accessKeyId()).isEqualTo("id-1");
    }

    @Test
    void doesNotKeepExpiredCredentialsOfAMissingFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("credentials");
        CredentialsSource source = new FileCredentials(new CredentialsConfig.File(file.toString()), clock);
        Files.writeString(
                file, "access-key-id=id\naccess-key-secret=s\nexpiration=" + START.plus(Duration.ofMinutes(5)));
        source.current();
        Files.delete(file);

        clock.advance(Duration.ofMinutes(5));

        assertThatThrownBy(source::current).hasMessageContaining("does not exist");
    }

    @Test
    void renewsInTheBackgroundBeforeCredentialsExpire() throws Exception {
        Fetches fetches = new Fetches();
        Queue<Runnable> background = new ArrayDeque<>();
        RefreshedCredentials source =
                new RefreshedCredentials("address", deadline -> fetches.current(), background::add, clock);
        fetches.next = temporary("id-1", START.plus(Duration.ofHours(1)));
        assertThatThrownByWhileInterrupted(source);
        background.remove().run();
        assertThat(source.current().accessKeyId()).isEqualTo("id-1");

        clock.advance(Duration.ofMinutes(49));
        source.current();
        assertThat(background).isEmpty();

        clock.advance(Duration.ofMinutes(2));
        fetches.next = temporary("id-2", START.plus(Duration.ofHours(2)));
        assertThat(source.current().accessKeyId()).isEqualTo("id-1");
        assertThat(source.current().accessKeyId()).isEqualTo("id-1");
        assertThat(background).hasSize(1);

        background.remove().run();
        assertThat(source.current().accessKeyId()).isEqualTo("id-2");
    }

    @Test
    void goesOnWithCredentialsThatStillWorkWhileRenewingFails() throws Exception {
        Fetches fetches = new Fetches();
        RefreshedCredentials source =
                new RefreshedCredentials("address", deadline -> fetches.current(), Runnable::run, clock);
        fetches.next = temporary("id-1", START.plus(Duration.ofHours(1)));
        source.current();
        fetches.next = null;

        clock.advance(Duration.ofMinutes(55));
        source.current();
        source.current();
        assertThat(source.current().accessKeyId()).isEqualTo("id-1");
        assertThat(fetches.count).isEqualTo(2);

        clock.advance(Duration.ofMinutes(6));
        assertThatThrownBy(source::current).hasMessageContaining("none at the moment");
    }

    @Test
    void fetchesFromAnAddress() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer = "{\"AccessKeyId\":\"id-1\",\"AccessKeySecret\":\"s\"}".getBytes(StandardCharsets.UTF_8);
        server.createContext("/role", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort();

            assertThat(fetch(address + "/role").current()).isEqualTo(Credentials.lasting("id-1", "s"));
            assertThatThrownBy(() -> fetch(address + "/other?key=hidden").current())
                    .hasMessageContaining("HTTP status 404")
                    .message()
                    .doesNotContain("hidden");
        } finally {
            server.stop(0);
        }
    }

    private static CredentialsSource fetch(String uri) {
        CredentialsConfig.Uri address = new CredentialsConfig.Uri(URI.create(uri));
        UriFetch fetch = new UriFetch(address, address.toString(), Clock.systemUTC());
        return () -> fetch.fetch(Deadline.after(Duration.ofSeconds(30)));
    }

    /** Nobody fetches in the background here: who waits would wait for the whole time limit. */
    private static void assertThatThrownByWhileInterrupted(CredentialsSource source) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(source::current).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static Credentials temporary(String id, Instant expiration) {
        return new Credentials(id, Secret.of("s"), Optional.of(Secret.of("t")), Optional.of(expiration));
    }

    private static void write(Path file, String id) throws Exception {
        Files.writeString(file, "access-key-id=" + id + "\naccess-key-secret=secret");
    }

    private static final class Fetches implements CredentialsSource {

        private Credentials next;
        private int count;

        @Override
        public Credentials current() throws NoCredentialsException {
            count++;
            if (next == null) {
                throw new NoCredentialsException("none at the moment");
            }
            return next;
        }
    }

    private static final class HandClock extends Clock {

        private Instant now = START;

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}
