package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.client.credentials.StandIn.Behaviour;
import io.slsdispatch.connector.config.ConnectionConfig.Network;
import io.slsdispatch.connector.config.CredentialsConfig.Oidc;
import io.slsdispatch.connector.config.ProxyConfig;
import io.slsdispatch.connector.config.StsEndpoint;
import io.slsdispatch.connector.config.StsRole;
import io.slsdispatch.connector.task.GuardedTasks;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** STS by https, with the CA file and the proxy of the connection. */
@Timeout(120)
class StsOverTlsTest {

    private static final String ANSWER = "{\"RequestId\":\"ID-1\",\"Credentials\":{\"AccessKeyId\":\"STS.id\","
            + "\"AccessKeySecret\":\"secret\",\"SecurityToken\":\"token\",\"Expiration\":\"2200-01-01T00:00:00Z\"}}";
    private static final char[] PASSWORD = "password".toCharArray();

    private final ExecutorService threads = Executors.newCachedThreadPool(GuardedTasks.threads("tls test"));
    private final List<String> tunnels = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void theCaFileOfTheConnectionIsTrustedAndNoOther() throws Exception {
        try (StandIn sts = sts("san=ip:127.0.0.1")) {
            assertThat(fetch(sts, null, folder.resolve("ca.pem").toString()).accessKeyId())
                    .isEqualTo("STS.id");
            assertThat(sts.received.get(0).form()).containsEntry("OIDCToken", "a.b.c");

            assertThatExceptionOfType(NoCredentialsException.class)
                    .isThrownBy(() -> fetch(sts, null, null))
                    .withMessageContaining("SSLHandshakeException");
            assertThat(sts.received).hasSize(1);
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        try (StandIn sts = sts("san=dns:another.host")) {
            assertThatExceptionOfType(NoCredentialsException.class)
                    .isThrownBy(() -> fetch(sts, null, folder.resolve("ca.pem").toString()))
                    .withMessageContaining("127.0.0.1");
            assertThat(sts.received).isEmpty();
        }
    }

    @Test
    void theProxyOfTheConnectionSeesNothingButTheHost() throws Exception {
        try (StandIn sts = sts("san=ip:127.0.0.1");
                ServerSocket proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            GuardedTasks.execute(threads, () -> tunnel(proxy.accept(), true), failure -> {});

            Credentials fetched = fetch(
                    sts,
                    new ProxyConfig("127.0.0.1", proxy.getLocalPort(), "PROXY_USER", "PROXY_WORD"),
                    folder.resolve("ca.pem").toString());

            assertThat(fetched.accessKeyId()).isEqualTo("STS.id");
            String host = sts.uri().getRawAuthority();
            // user:word
            assertThat(tunnels)
                    .containsExactly("CONNECT " + host + " HTTP/1.1\r\nHost: " + host
                            + "\r\nProxy-Authorization: Basic dXNlcjp3b3Jk\r\n\r\n");
        }
    }

    @Test
    void aProxyThatRefusesIsNamedAsTheReason() throws Exception {
        try (StandIn sts = sts("san=ip:127.0.0.1");
                ServerSocket proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            GuardedTasks.execute(threads, () -> tunnel(proxy.accept(), false), failure -> {});

            assertThatExceptionOfType(NoCredentialsException.class)
                    .isThrownBy(() -> fetch(sts, ProxyConfig.at("127.0.0.1", proxy.getLocalPort()), null))
                    .withMessageContaining("the proxy returned HTTP status 407");
            assertThat(sts.received).isEmpty();
        }
    }

    private Credentials fetch(StandIn sts, ProxyConfig proxy, String caFile) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "a.b.c");
        StsRole role = StsRole.builder()
                .arn("acs:ram::1:role/x")
                .endpoint(StsEndpoint.parse(sts.uri().getRawAuthority()))
                .build();
        Network network = new Network(Duration.ofSeconds(5), Duration.ofSeconds(30), 16, proxy, caFile);
        Map<String, String> environment = Map.of("PROXY_USER", "user", "PROXY_WORD", "word");
        return new CredentialsFactory(network, environment::get, Runnable::run, Clock.systemUTC())
                .create(new Oidc(role, "acs:ram::1:oidc-provider/y", token.toString()))
                .current();
    }

    private void tunnel(Socket client, boolean open) throws Exception {
        InputStream in = client.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        tunnels.add(head.toString());
        if (!open) {
            client.getOutputStream()
                    .write("HTTP/1.1 407 Log in\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        String port = head.substring(head.indexOf(":") + 1, head.indexOf(" HTTP"));
        Socket peer = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
        client.getOutputStream().write("HTTP/1.1 200 Open\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        GuardedTasks.execute(threads, () -> pump(peer.getInputStream(), client.getOutputStream()), failure -> {});
        pump(in, peer.getOutputStream());
    }

    private static void pump(InputStream in, OutputStream out) throws Exception {
        byte[] bytes = new byte[1 << 12];
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            out.write(bytes, 0, read);
            out.flush();
        }
    }

    private StandIn sts(String extension) throws Exception {
        Path keyStore = folder.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "sts",
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
                "sts",
                "-file",
                folder.resolve("ca.pem").toString(),
                "-keystore",
                keyStore.toString(),
                "-storepass",
                new String(PASSWORD));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return new StandIn(
                Behaviour.ok(ANSWER),
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
