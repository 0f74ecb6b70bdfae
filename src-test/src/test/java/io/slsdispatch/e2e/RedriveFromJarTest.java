package io.slsdispatch.e2e;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.deadletter.DeadLetterEncoder;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code redrive} of the fat jar, in processes that are broken off. */
class RedriveFromJarTest {

    private static final Map<String, String> CREDENTIALS = Map.of(
            "SLS_AK_ID", SlsLocalOptions.DEFAULT_KEY.accessKeyId(),
            "SLS_AK_KEY", SlsLocalOptions.DEFAULT_KEY.accessKeySecret());
    private static final String PROJECT = "my-project";
    private static final String LETTERS = "dead-letters";
    private static final int COUNT = 60;

    /** So that a pull of 10 MB brings a part of them only. */
    private static final int GROUP_BYTES = 500_000;

    private static final int MOST_IN_A_PULL = 20;

    @TempDir
    private Path folder;

    private SlsLocal sls;
    private Path config;
    private final Set<GroupDigest> groups = new HashSet<>();

    @BeforeEach
    void storeLetters() throws IOException {
        sls = SlsLocal.start();
        sls.createLogstore(PROJECT, "all-logs", 1);
        sls.createLogstore(PROJECT, "nginx-logs", 2);
        sls.createLogstore(PROJECT, LETTERS, 1);
        config = Files.writeString(folder.resolve("dispatch.yaml"), """
                source:
                  endpoint: %s
                  project: %s
                  logstore: all-logs
                  credentials: {access-key-id: '${SLS_AK_ID}', access-key-secret: '${SLS_AK_KEY}'}
                targets: [{logstore: nginx-logs, on-reject: dead-letter, dead-letter: {logstore: dead-letters},
                           batching: false, max-in-flight-requests: 1}]
                routes: [{topic: nginx, to: nginx-logs}]
                default-route: drop
                """.formatted(sls.endpoint(), PROJECT));
        DeadLetterEncoder encoder = new DeadLetterEncoder(new Random(1));
        Random random = new Random(2);
        for (int i = 0; i < COUNT; i++) {
            byte[] group = group(random);
            groups.add(GroupDigest.of(group));
            DeadLetter letter = new DeadLetter(
                    new RawLogGroup(group, 0, group.length, "nginx", 0, "MTIz", i),
                    "nginx-logs",
                    new LogstoreId(PROJECT, "nginx-logs"),
                    new Reason(Cause.REJECTED, "Code", 400, "", "no"),
                    Instant.now());
            sls.put(
                    PROJECT,
                    LETTERS,
                    0,
                    DeadLetterEncoder.group(List.of(encoder.encode(letter).log(0))));
        }
    }

    /** That LZ4 cannot make smaller. */
    private static byte[] group(Random random) {
        StringBuilder text = new StringBuilder(GROUP_BYTES);
        random.ints(GROUP_BYTES, ' ' + 1, 127).forEach(letter -> text.append((char) letter));
        return logGroup()
                .log((int) Instant.now().getEpochSecond(), "text", text.toString())
                .topic("nginx")
                .source("10.0.0.1")
                .toBytes();
    }

    @AfterEach
    void stop() {
        sls.close();
    }

    @Test
    void runThatIsInterruptedEndsInOrderAndTheNextOneSendsTheRestAndNothingTwice() throws Exception {
        Path out = folder.resolve("out");
        Process process = startSlowly(out);
        try {
            awaitArrived(5);
            process.destroy();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(Files.readString(out)).contains("Interrupted.", "To continue, run the same command again");

        assertTheRestComes(0);
    }

    @Test
    void runThatIsKilledSendsAgainTheLettersOfOneBatchAtMost() throws Exception {
        Process process = startSlowly(folder.resolve("out"));
        try {
            awaitArrived(MOST_IN_A_PULL + 5);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();

        assertTheRestComes(MOST_IN_A_PULL);
    }

    private Process startSlowly(Path out) throws IOException {
        sls.faults()
                .add(Fault.always(new Effect.Delay(Duration.ofMillis(50), Duration.ZERO, Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("nginx-logs"));
        return JavaJar.start(CREDENTIALS, out, arguments());
    }

    private String[] arguments() {
        return new String[] {
            "redrive",
            "--config",
            config.toString(),
            "--state",
            folder.resolve("redrive.state").toString()
        };
    }

    private void awaitArrived(int count) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> arrived().size() >= count);
    }

    private void assertTheRestComes(int repeatsAtMost) throws Exception {
        sls.faults().clear();
        assertThat(arrived().size()).as("the run was broken off in time").isLessThan(COUNT);

        JavaJar.Run rest = JavaJar.run(CREDENTIALS, arguments());

        assertThat(rest.exitCode()).as(rest.out()).isZero();
        assertThat(rest.out()).contains("All dead letters were sent.").doesNotContain("\tat ");
        assertThat(new HashSet<>(arrived())).isEqualTo(groups);
        assertThat(arrived().size()).isBetween(COUNT, COUNT + repeatsAtMost);
    }

    private List<GroupDigest> arrived() throws IOException {
        List<GroupDigest> arrived = new ArrayList<>();
        sls.ledger(PROJECT, "nginx-logs").entries().forEachRemaining(entry -> arrived.add(entry.digest()));
        return arrived;
    }
}
