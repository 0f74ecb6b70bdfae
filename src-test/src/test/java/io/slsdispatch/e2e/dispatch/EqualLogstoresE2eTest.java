package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services have logstores of equal project and name; or one logstore is reached by two addresses. */
@OnMiniCluster
class EqualLogstoresE2eTest {

    private static final String ROUTES = """
            routes:
              - {topic: t, to: [target, far]}
            default-route: fail
            defaults:
              on-outage: dead-letter
              outage-after: 300ms
              dead-letter: {logstore: dead-letters}
              retry: {initial-backoff: 10ms, max-backoff: 100ms}
            """;

    @TempDir
    private Path folder;

    private Rig near;
    private Rig far;

    @BeforeEach
    void startBoth() throws IOException {
        near = new Rig(Files.createDirectory(folder.resolve("near")), 2, "target");
        far = new Rig(Files.createDirectory(folder.resolve("far")), 2, "target");
        for (Rig rig : List.of(near, far)) {
            rig.sls().createLogstore(Rig.PROJECT, Letters.LOGSTORE.logstore(), 1);
        }
    }

    @AfterEach
    void stopBoth() {
        near.close();
        far.close();
    }

    @Test
    void deadLettersOfTargetsWithEqualNamesEachComeBackToTheirOwn() throws Exception {
        for (Rig rig : List.of(near, far)) {
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(500, "InternalServerError", "broken", Moment.BEFORE))
                            .on(Operation.PUT_LOGS)
                            .inLogstore("target"));
        }
        near.writeToAll("some", 10, "t");
        Path config = file("far", "target", far.sls().endpoint(), "distinct-logstore: true", ROUTES);
        try (RunningJob job = RunningJob.start(read(config), 2)) {
            job.awaitWhileRunning("all letters", any -> assertThat(
                            toSend(InProcess.run("redrive", "--config", config, "--dry-run", "--json")))
                    .isEqualTo(40));
        }
        near.sls().faults().clear();
        far.sls().faults().clear();

        Path state = folder.resolve("redrive.state");
        InProcess run = InProcess.run("redrive", "--config", config, "--state", state);

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
        Rig.assertExact(near.reconcile(topic -> Set.of("target")));
        assertThat(far.entries("target")).hasSize(20);
        assertThat(far.entries("target").stream().map(entry -> entry.digest()))
                .containsExactlyInAnyOrderElementsOf(near.entries(Rig.SOURCE.logstore()).stream()
                        .map(entry -> entry.digest())
                        .toList());
        assertThat(InProcess.run("redrive", "--config", config, "--state", state)
                        .exitCode())
                .isEqualTo(ExitCode.OK);
        assertThat(far.entries("target")).hasSize(20);
    }

    @Test
    void aTargetThatIsTheSourceByAnotherAddressIsRefused() throws Exception {
        String other = near.sls().endpoint().replace("127.0.0.1", "localhost");
        String routes = "routes: [{topic: t, to: far}]\ndefault-route: drop\n";

        InProcess refused = InProcess.run("check", "--config", file("far", "all-logs", other, "", routes));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("The target is the source", "'distinct-logstore: true'");

        Path said = file("far", "all-logs", other, "distinct-logstore: true", routes);
        InProcess checked = InProcess.run("check", "--config", said);

        assertThat(checked.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(checked.out() + checked.err()).contains("appear to be the same logstore");
    }

    private Path file(String name, String logstore, String endpoint, String more, String routes) throws IOException {
        Path file = near.file("", routes);
        String target = "  - {name: %s, logstore: %s, endpoint: '%s'%s}\n"
                .formatted(name, logstore, endpoint, more.isEmpty() ? "" : ", " + more);
        return Files.writeString(file, Files.readString(file).replace("targets:\n", "targets:\n" + target));
    }

    private static JobConfig read(Path file) throws Exception {
        return ConfigReader.readFile(file, Map.of(), Instant.now());
    }

    private static long toSend(InProcess run) {
        long sum = 0;
        for (JsonElement row : run.json().getAsJsonArray("letters")) {
            sum += row.getAsJsonObject().get("toSend").getAsLong();
        }
        return sum;
    }
}
