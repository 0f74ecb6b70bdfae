package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.RestAnswers;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs one after the other in one session cluster, each of which signs in with roles: nothing of them stays.
 * {@code -Dsession.jobs=20} runs more of them.
 */
@OnCluster
class JobsInSessionE2eTest {

    private static final String SECRET = "s3cr3t-of-the-session";
    private static final Credential KEY = new Credential("STS.of-the-session", SECRET + "-key", SECRET + "-token");
    private static final int WARM_UP = 4;
    private static final int JOBS = Integer.getInteger("session.jobs", 8);

    /** A class loader that stays has thousands of classes; each job has its own. */
    private static final long CLASSES_OF_FLINK = 1_000;

    private static final long THREADS_OF_FLINK = 10;

    @RegisterExtension
    static final DispatchCluster CLUSTER =
            DispatchCluster.withKey(KEY, FlinkCluster.builder("session").taskManagers(1, 1));

    @TempDir
    private Path folder;

    private HttpServer services;
    private volatile boolean failing;

    private record Usage(long threads, long classes) {}

    @BeforeEach
    void start() throws IOException {
        services = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        services.createContext("/", this::answer);
        services.start();
    }

    @AfterEach
    void stop() {
        services.stop(0);
    }

    @Test
    void threadsAndClassesReturnToWhereTheyWere() throws Exception {
        Logstores logstores = CLUSTER.logstores("session");
        Path config = configuration();
        Usage worker = new Usage(0, 0);
        Usage master = worker;
        for (int job = 1; job <= JOBS; job++) {
            logstores.write(20);
            CLUSTER.submit(Submission.of(JavaJar.PATH).withArguments("--config", config.toString()))
                    .awaitStatus(JobStatus.FINISHED);
            if (job == WARM_UP) {
                worker = usage(CLUSTER.flink().taskManagerPid(1));
                master = usage(CLUSTER.flink().jobManagerPid());
            }
        }

        assertReturned(CLUSTER.flink().taskManagerPid(1), worker);
        assertReturned(CLUSTER.flink().jobManagerPid(), master);
    }

    @Test
    void aJobThatCannotSignInSaysWhyAndNoSecret() throws Exception {
        failing = true;
        ClusterJob job = CLUSTER.submit(Submission.of(JavaJar.PATH)
                .withArguments("--config", configuration().toString()));
        await("a failure").atMost(Duration.ofMinutes(3)).until(() -> !job.failures()
                .isEmpty());
        Map<String, String> answers = RestAnswers.of(CLUSTER.flink());
        job.cancel();

        assertThat(job.failures().get(0).stackTrace())
                .contains("the credentials of role sls-reader from 127.0.0.1", "HTTP status 403");
        assertThat(answers.values()).anyMatch(answer -> answer.contains("HTTP status 403"));
        assertThat(answers).noneSatisfy((path, answer) -> assertThat(answer).contains(SECRET));
        assertThat(CLUSTER.flink().logLinesWith(SECRET)).isEmpty();
    }

    private static void assertReturned(long pid, Usage before) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(usage(pid)).satisfies(usage -> {
                    assertThat(usage.classes()).isLessThan(before.classes() + CLASSES_OF_FLINK);
                    assertThat(usage.threads()).isLessThan(before.threads() + THREADS_OF_FLINK);
                }));
    }

    /** After a full collection. */
    private static Usage usage(long pid) throws IOException, InterruptedException {
        String unused = jcmd(pid, "GC.run");
        String counters = jcmd(pid, "PerfCounter.print");
        String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
        return new Usage(
                number("Threads:\\s+(\\d+)", status),
                number("java.cls.loadedClasses=(\\d+)", counters)
                        - number("java.cls.unloadedClasses=(\\d+)", counters));
    }

    private static long number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    private Path configuration() throws IOException {
        String address = "http://127.0.0.1:" + services.getAddress().getPort();
        return Files.writeString(
                folder.resolve("dispatch.yaml"), """
                source:
                  endpoint: %1$s
                  project: session
                  logstore: all-logs
                  stop: now
                  discovery: {listing-margin: 100ms}
                  retry: {grace: 1s}
                  credentials: {ecs-ram-role: {metadata-address: '%2$s'}}
                targets:
                  - logstore: nginx-logs
                    credentials:
                      assume-role:
                        role-arn: acs:ram::2:role/sls-writer
                        sts-endpoint: '%2$s'
                        from: {ecs-ram-role: {metadata-address: '%2$s'}}
                routes:
                  - {topic: nginx, to: nginx-logs}
                default-route: drop
                """.formatted(CLUSTER.sls().endpoint(), address));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String fields = "\"AccessKeyId\":\"" + KEY.accessKeyId() + "\",\"AccessKeySecret\":\"" + KEY.accessKeySecret()
                + "\",\"SecurityToken\":\"" + KEY.securityToken() + "\",\"Expiration\":\""
                + Instant.now().plusSeconds(60) + "\"";
        String body = exchange.getRequestMethod().equals("PUT")
                ? SECRET + "-of-the-metadata-service"
                : path.endsWith("/security-credentials/")
                        ? "sls-reader"
                        : path.endsWith("/sls-reader")
                                ? "{\"Code\":\"Success\"," + fields + "}"
                                : "{\"Credentials\":{" + fields + "}}";
        boolean refused = failing && path.endsWith("/sls-reader");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(refused ? 403 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
