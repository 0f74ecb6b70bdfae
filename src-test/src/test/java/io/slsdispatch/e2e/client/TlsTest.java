package io.slsdispatch.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.ConnectionConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service's certificate is verified; the SDK's own client would take any. */
@Timeout(120)
class TlsTest {

    private static final byte[] GROUP = {0x1a, 1, 't'};
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    private Path directory;

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
        Certificate certificate = certificate("san=ip:127.0.0.1");
        try (StubServer server = server(certificate);
                SlsClient client = client(server, null)) {
            assertThat(Clients.failureOf(client.put(Clients.put(GROUP)))).satisfies(failure -> {
                assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
                assertThat(failure).hasMessageContaining("certification path");
            });
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aCertificateOfAConfiguredAuthorityIsAccepted() throws Exception {
        Certificate certificate = certificate("san=ip:127.0.0.1");
        try (StubServer server = server(certificate);
                SlsClient client = client(server, certificate.pem().toString())) {
            Clients.get(client.put(Clients.put(GROUP)));

            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aRenewedFileOfAuthoritiesIsReadForNewConnections() throws Exception {
        Path trusted = Files.copy(certificate("san=ip:127.0.0.1").pem(), directory.resolve("trusted.pem"));
        Files.delete(directory.resolve("keys.p12"));
        Certificate renewed = certificate("san=ip:127.0.0.1");
        try (StubServer server = server(renewed);
                SlsClient client = client(server, trusted.toString())) {
            assertThat(Clients.failureOf(client.put(Clients.put(GROUP)))).hasMessageContaining("UntrustedCertificate");

            Files.copy(renewed.pem(), trusted, StandardCopyOption.REPLACE_EXISTING);

            Clients.get(client.put(Clients.put(GROUP)));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        Certificate certificate = certificate("san=dns:another.host");
        try (StubServer server = server(certificate);
                SlsClient client = client(server, certificate.pem().toString())) {
            assertThat(Clients.failureOf(client.put(Clients.put(GROUP)))).satisfies(failure -> {
                assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
                assertThat(failure).hasMessageContaining("127.0.0.1");
            });
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aFileWithoutCertificatesIsRefusedAtOnce() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        try (StubServer server = StubServer.hanging()) {
            assertThatThrownBy(() -> client(server, empty.toString()))
                    .hasMessageContaining("CA file " + empty + " contains no certificate");
            assertThatThrownBy(() ->
                            client(server, directory.resolve("missing.pem").toString()))
                    .hasMessageContaining("missing.pem cannot be read");
        }
    }

    private record Certificate(Path keyStore, Path pem) {}

    private Certificate certificate(String extension) throws Exception {
        Path keyStore = directory.resolve("keys.p12");
        Path pem = directory.resolve("ca.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                extension,
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass",
                new String(PASSWORD));
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "server",
                "-file",
                pem.toString(),
                "-keystore",
                keyStore.toString(),
                "-storepass",
                new String(PASSWORD));
        return new Certificate(keyStore, pem);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static StubServer server(Certificate certificate) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificate.keyStore())) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return StubServer.start(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                (request, out) -> StubServer.write(out, 200, Map.of("x-log-requestid", "REQUEST-1"), new byte[0]));
    }

    private SlsClient client(StubServer server, String caFile) {
        return Clients.create(Clients.connection("https://127.0.0.1:" + server.port(), directory)
                .network(new ConnectionConfig.Network(Clients.PLENTY, Clients.PLENTY, 16, null, caFile))
                .build());
    }
}
