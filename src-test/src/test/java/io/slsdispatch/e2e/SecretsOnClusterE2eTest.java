package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.FlinkClusterBuilder;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.RestAnswers;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where a cluster could give the secret of the access key away while a job runs, fails, goes on and stops: what REST and
 * the web UI answer, and every file that it writes. The cluster is highly available, so that it stores the job graph, and
 * configured by {@code conf/flink/config.yaml}.
 */
@OnCluster
class SecretsOnClusterE2eTest {

    private static final String KEY_ID = "key-id-of-this-test";
    private static final String SECRET = "a-secret-that-is-nowhere-to-be-found";
    private static final Duration LONG = Duration.ofMinutes(3);

    @RegisterExtension
    static final DispatchCluster CLUSTER = DispatchCluster.withKey(new Credential(KEY_ID, SECRET), flink());

    @TempDir
    private Path folder;

    private static FlinkClusterBuilder flink() {
        FlinkClusterBuilder builder =
                FlinkCluster.builder("secrets").taskManagers(1, 2).highAvailability();
        GlobalConfiguration.loadConfiguration(Path.of("..", "conf", "flink").toString())
                .toMap()
                .forEach((key, value) -> {
                    if (!isOfThePlace(key)) {
                        builder.option(key, value);
                    }
                });
        return builder;
    }

    /** What a cluster of processes on one machine, without plugins, must have otherwise. */
    private static boolean isOfThePlace(String key) {
        return Stream.of(
                                "jobmanager.rpc.",
                                "rest.",
                                "execution.checkpointing.dir",
                                "execution.checkpointing.savepoint-dir")
                        .anyMatch(key::startsWith)
                || Stream.of("metrics.", ".memory.", "web.submit", "java.opts").anyMatch(key::contains);
    }

    @Test
    void secretIsInNoAnswerAndInNoFileOfTheCluster() throws Exception {
        Logstores logstores = CLUSTER.logstores("secrets");
        logstores.write(100);
        ClusterJob job = CLUSTER.submit(Submission.of(JavaJar.PATH)
                .withArguments("--config", configuration().toString()));
        job.awaitCheckpoints(1);

        CLUSTER.sls().accept(List.of(new Credential(KEY_ID, "another secret")));
        await("a failure for the refused key").atMost(LONG).until(() -> !job.failures()
                .isEmpty());
        Map<String, String> answers = RestAnswers.of(CLUSTER.flink());
        assertThat(job.failures().get(0).stackTrace()).contains("SignatureNotMatch");

        CLUSTER.sls().accept(List.of(new Credential(KEY_ID, SECRET)));
        job.awaitRunning();
        job.awaitCheckpoints(1);
        answers.putAll(RestAnswers.of(CLUSTER.flink()));
        List<Path> jobGraphs = filesWith("SLS_AK_KEY");
        job.stopWithSavepoint();

        assertThat(answers).hasSizeGreaterThan(80);
        assertThat(answers.values()).anyMatch(answer -> answer.contains("SignatureNotMatch"));
        assertThat(answers).noneSatisfy((path, answer) -> assertThat(answer).contains(SECRET));
        assertThat(jobGraphs)
                .anyMatch(file -> file.startsWith(CLUSTER.flink().directory().resolve("ha")));
        assertThat(filesWith(SECRET)).isEmpty();
        assertThat(filesWith(
                        Base64.getEncoder().withoutPadding().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8))))
                .isEmpty();
    }

    private Path configuration() throws IOException {
        return Files.writeString(
                folder.resolve("dispatch.yaml"), """
                source:
                  endpoint: %1$s
                  project: %2$s
                  logstore: %3$s
                  consumer-group: progress
                  retry: {grace: 1s}
                  credentials: {access-key-id: "${SLS_AK_ID}", access-key-secret: "${SLS_AK_KEY}"}
                targets:
                  - logstore: nginx-logs
                routes:
                  - {topic: nginx, to: nginx-logs}
                default-route: drop
                """.formatted(CLUSTER.sls().endpoint(), "secrets", "all-logs"));
    }

    /** The files of the cluster that hold a text, jars that it keeps included. */
    private static List<Path> filesWith(String text) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(CLUSTER.flink().directory(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && contentOf(file).contains(text)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            /** Flink deletes files of its own while the walk goes over them. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return found;
    }

    /** A file that is gone meanwhile, as one of an old checkpoint, holds nothing. */
    private static String contentOf(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
