package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.cli.DispatchCommand;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.LogstoreRulesSource;
import io.slsdispatch.job.rules.RulesLocation;
import io.slsdispatch.job.rules.RulesLog;
import io.slsdispatch.job.yaml.InvalidConfigException;
import io.slsdispatch.local.service.RequestLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules that stand in a logstore: which of them are the newest, how they are written, and a job that goes by them. */
@OnMiniCluster
class RulesInLogstoreE2eTest {

    private static final String STORE = "dispatch-rules";
    private static final RulesLocation.Logstore PLACE =
            RulesLocation.Logstore.parse("sls://" + Rig.PROJECT + "/" + STORE);
    private static final String UPDATES =
            "rules: {from: 'sls://" + Rig.PROJECT + "/" + STORE + "', poll-interval: 50ms}\n";

    @WithLogstores(
            sourceShards = 1,
            targets = {"one", "two"})
    private Rig rig;

    private SlsClient client;
    private LogstoreRulesSource rules = new LogstoreRulesSource(PLACE);

    @BeforeEach
    void start() throws IOException {
        rig.clock().setBack(Duration.ofMinutes(5));
        rig.sls().createLogstore(Rig.PROJECT, STORE, 2);
        rig.clock().setBack(Duration.ZERO);
        client = rig.client();
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private void write(int shard, String text) {
        write(shard, "", text);
    }

    private void write(int shard, String topic, String text) {
        rig.sls().put(Rig.PROJECT, STORE, shard, RulesLog.serialized(topic, Instant.now(), text));
    }

    private String newest() throws Exception {
        return new String(rules.read(client), StandardCharsets.UTF_8);
    }

    @Test
    void theLaterLogOfAShardCounts() throws Exception {
        write(0, "first");
        write(0, "second");
        assertThat(newest()).isEqualTo("second");

        write(0, "third");
        assertThat(newest()).isEqualTo("third");
        assertThat(new String(new LogstoreRulesSource(PLACE).read(client), StandardCharsets.UTF_8))
                .as("after a restart")
                .isEqualTo("third");
    }

    @Test
    void amongShardsTheTimeOfReceiptCountsAndNotTheOrderOfReading() throws Exception {
        rig.clock().setBack(Duration.ofSeconds(30));
        write(1, "older");
        rig.sls().put(Rig.PROJECT, STORE, 1, TestGroups.group("", "no rules"));
        rig.clock().setBack(Duration.ofSeconds(20));
        write(0, "newer");
        rig.clock().setBack(Duration.ofSeconds(10));
        // Received later than both, but no rules: the time of the batch is not the time of the rules.
        rig.sls().put(Rig.PROJECT, STORE, 1, TestGroups.group("", "no rules"));
        assertThat(newest()).isEqualTo("newer");

        rig.clock().setBack(Duration.ZERO);
        write(1, "newest");
        assertThat(newest()).isEqualTo("newest");
    }

    @Test
    void aSplitLosesNoVersionAndTheChildComesAfterItsParent() throws Exception {
        write(0, "before");
        int child = rig.sls().split(Rig.PROJECT, STORE, 0).stream()
                .mapToInt(shard -> shard.id())
                .max()
                .orElseThrow();
        assertThat(newest()).isEqualTo("before");

        write(child, "behind");
        assertThat(newest()).isEqualTo("behind");
    }

    @Test
    void otherTopicsAreNotLookedAtWhenOneIsNamed() throws Exception {
        rules = new LogstoreRulesSource(
                RulesLocation.Logstore.parse("sls://" + Rig.PROJECT + "/" + STORE + "?topic=blue%20job"));
        write(0, "blue job", "blue");
        write(0, "green", "green");

        assertThat(newest()).isEqualTo("blue");
    }

    @Test
    void anEmptyLogstoreIsToldAndWhatHasExpiredIsRemembered() throws Exception {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::newest)
                .withMessageContaining("no log has the field 'rules'");

        write(0, "first");
        assertThat(newest()).isEqualTo("first");
        rig.sls().trim(Rig.PROJECT, STORE, 0, 1);
        assertThat(newest()).isEqualTo("first");
        write(0, "second");
        rig.sls().trim(Rig.PROJECT, STORE, 0, 1);
        write(0, "third");
        assertThat(newest()).isEqualTo("third");
    }

    @Test
    void whatIsKnownIsNotReadAgain() throws Exception {
        for (int i = 0; i < 50; i++) {
            write(0, "version " + i);
        }
        assertThat(newest()).isEqualTo("version 49");
        int before = pulls().size();

        assertThat(newest()).isEqualTo("version 49");

        assertThat(pulls().subList(before, pulls().size()))
                .as("one for each shard, from where it ended")
                .containsExactlyInAnyOrder(end(0), end(1));
    }

    /** The cursors of all pulls from the logstore. */
    private List<String> pulls() {
        return rig.sls().requests().entries().stream()
                .filter(entry ->
                        entry.logstore().equals(STORE) && entry.operation().equals("PullLogs"))
                .map(RequestLog.Entry::cursor)
                .toList();
    }

    private String end(int shard) throws IOException {
        return client.cursor(PLACE.logstore(), shard, new CursorOrigin.End());
    }

    @Test
    void aJobGoesByTheNewestRulesAndRefusesWhatItCannotUse() throws Exception {
        publish("one", ExitCode.OK);
        JobConfig config = rig.config("consumer-group: progress", UPDATES);
        try (RunningJob job = RunningJob.start(config, 1)) {
            rig.writeToAll("a", 5, "t");
            job.awaitWhileRunning("groups by the first rules", any -> assertThat(rig.entries("one"))
                    .hasSize(5));

            publish("two", ExitCode.OK);
            feedUntil(job, "two");

            publish("three", ExitCode.BAD_CONFIGURATION);
            write(0, "routes: [{to: three}]\ndefault-route: fail\n");
            String behind = end(0);
            job.awaitWhileRunning("these to be read", any -> assertThat(pulls()).contains(behind));
            int before = rig.entries("two").size();
            rig.writeToAll("c", 5, "t");
            job.awaitWhileRunning("groups by the rules before", any -> assertThat(rig.entries("two"))
                    .hasSizeGreaterThanOrEqualTo(before + 5));

            publish("one", ExitCode.OK);
            feedUntil(job, "one");
            job.stopWithSavepoint(rig.folder());
        }
        assertThat(rig.entries("one").size() + rig.entries("two").size())
                .isEqualTo(rig.entries(Rig.SOURCE.logstore()).size());
    }

    /** Feeds until a target gets more than it had. */
    private void feedUntil(RunningJob job, String target) throws IOException {
        int before = rig.entries(target).size();
        job.awaitWhileRunning("groups at " + target, any -> {
            rig.writeToAll("x", 1, "t");
            assertThat(rig.entries(target)).hasSizeGreaterThan(before);
        });
    }

    private void publish(String target, int exitCode) throws Exception {
        Path file = Files.writeString(
                rig.folder().resolve("rules.yaml"), "routes: [{to: " + target + "}]\ndefault-route: fail\n");
        assertThat(command("publish-rules", file.toString())).startsWith(exitCode + ": ");
    }

    /** Exit code and what it says. */
    private String command(String name, String... arguments) throws Exception {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        List<String> all = new ArrayList<>(List.of(name, "--config"));
        all.add(rig.file("consumer-group: progress", UPDATES).toString());
        all.addAll(List.of(arguments));
        int exitCode = DispatchCommand.run(all.toArray(String[]::new), Optional.empty(), Optional.empty(), out, out);
        return exitCode + ": " + said;
    }

    @Test
    void aConfigurationCannotBeUsedBeforeTheFirstRulesAreWritten() throws Exception {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> rig.config("consumer-group: progress", UPDATES))
                .withMessageContaining("rules.from")
                .withMessageContaining("no log has the field 'rules'");
        publish("three", ExitCode.BAD_CONFIGURATION);
        assertThat(rig.entries(STORE)).as("nothing is written").isEmpty();

        publish("one", ExitCode.OK);

        assertThat(rig.config("consumer-group: progress", UPDATES).ruleTable().rules())
                .hasSize(1);
    }

    @Test
    void aCheckAsksWhetherTheRulesCanBeRead() throws Exception {
        publish("one", ExitCode.OK);

        assertThat(command("check"))
                .startsWith("0: ")
                .contains("rules sls://" + Rig.PROJECT + "/" + STORE, "2 shards, readable");
    }

    @Test
    void publishingNeedsALogstoreOfRules() throws Exception {
        Path file = Files.writeString(rig.folder().resolve("rules.yaml"), "routes: [{to: one}]\ndefault-route: fail\n");
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        String config =
                rig.file("", "routes: [{to: one}]\ndefault-route: fail\n").toString();

        int exitCode = DispatchCommand.run(
                new String[] {"publish-rules", file.toString(), "--config", config},
                Optional.empty(),
                Optional.empty(),
                out,
                out);

        assertThat(exitCode).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(said.toString()).contains("sls://PROJECT/LOGSTORE");
    }
}
