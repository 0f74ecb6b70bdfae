package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.service.RequestLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code preview} agrees with what the job then does. */
@OnMiniCluster
class PreviewE2eTest {

    private static final int GROUPS_PER_SHARD = 400;

    private static final String RULES = """
            routes:
              - {name: copies, topic: {regex: 'topic-1.'}, to: [one, two], continue: true}
              - {name: evens, topic: {glob: 'topic-?[02468]'}, to: one}
              - {name: noise, topic: [topic-21, topic-23], to: drop}
              - {name: odds, topic: {prefix: topic-2}, to: two}
            default-route: rest
            dispatch: {on-malformed: rest}
            """;

    @TempDir
    private Path folder;

    @Test
    void previewOfFourShardsAndFortyTopicsAgreesWithTheJob() throws Exception {
        try (Rig rig = new Rig(folder, 4, "one", "two", "rest")) {
            String[] topics = IntStream.range(0, 40)
                    .mapToObj(n -> "topic-" + (n < 10 ? "0" : "") + n)
                    .toArray(String[]::new);
            rig.writeToAll("a", GROUPS_PER_SHARD, topics);
            Path config = rig.file("consumer-group: dispatch\nstop: now", RULES);
            rig.sls().requests().clear();

            InProcess preview = InProcess.run("preview", "--config", config, "--json");

            assertThat(preview.exitCode()).as(preview.err()).isEqualTo(ExitCode.OK);
            JsonObject shown = preview.json();
            assertThat(shown.get("groups").getAsInt()).isEqualTo(4 * GROUPS_PER_SHARD);
            assertThat(rowsOf(shown)).hasSize(40);
            assertThat(operations(rig))
                    .as("no consumer group is read or written, and nothing is written")
                    .containsOnlyKeys("ListShards", "GetCursor", "PullLogs");
            assertThat(operations(rig).get("PullLogs")).as("reading is bounded").isBetween(4, 4 * 3);

            RunningJob.run(rig.config("consumer-group: dispatch\nstop: now", RULES), 2);

            for (JsonElement element : shown.getAsJsonArray("targets")) {
                JsonObject target = element.getAsJsonObject();
                List<LedgerEntry> delivered = rig.entries(target.get("target").getAsString());
                assertThat(target.get("groups").getAsInt())
                        .as(target.get("target").getAsString())
                        .isEqualTo(delivered.size());
                assertThat(target.get("bytes").getAsLong())
                        .isEqualTo(delivered.stream()
                                .mapToLong(LedgerEntry::rawBytes)
                                .sum());
            }
            Map<String, Integer> byTopic = new TreeMap<>();
            for (String target : List.of("one", "two", "rest")) {
                for (LedgerEntry entry : rig.entries(target)) {
                    byTopic.merge(target + " " + entry.topic(), 1, Integer::sum);
                }
            }
            assertThat(targetsOf(shown)).isEqualTo(byTopic);
        }
    }

    @Test
    void rulesOfAnotherFileAreAppliedAndFewGroupsAreEnough() throws Exception {
        try (Rig rig = new Rig(folder, 2, "one", "two")) {
            rig.writeToAll("a", 50, "one", "two");
            Path config = rig.file("", "routes: [{topic: one, to: one}]\ndefault-route: drop\n");
            Path rules = Files.writeString(
                    folder.resolve("next.yaml"), "routes: [{topic: two, to: two}]\ndefault-route: fail\n");

            JsonObject shown = InProcess.run(
                            "preview", "--config", config, "--rules", rules, "--groups", "10", "--json")
                    .json();

            assertThat(shown.get("groups").getAsInt()).isEqualTo(20);
            assertThat(shown.getAsJsonArray("matched")
                            .get(0)
                            .getAsJsonObject()
                            .get("topic")
                            .getAsString())
                    .isEqualTo("two");
            assertThat(shown.getAsJsonArray("unmatched")
                            .get(0)
                            .getAsJsonObject()
                            .get("fails")
                            .getAsBoolean())
                    .isTrue();
        }
    }

    private static List<JsonObject> rowsOf(JsonObject shown) {
        return List.of("matched", "unmatched", "malformed").stream()
                .flatMap(kind -> shown.getAsJsonArray(kind).asList().stream())
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    /** The number of groups by target and topic, as the preview shows them. */
    private static Map<String, Integer> targetsOf(JsonObject shown) {
        Map<String, Integer> groups = new TreeMap<>();
        for (JsonObject row : rowsOf(shown)) {
            for (JsonElement target : row.getAsJsonArray("targets")) {
                groups.merge(
                        target.getAsString() + " " + row.get("topic").getAsString(),
                        row.get("groups").getAsInt(),
                        Integer::sum);
            }
        }
        return groups;
    }

    private static Map<String, Integer> operations(Rig rig) {
        Map<String, Integer> operations = new TreeMap<>();
        for (RequestLog.Entry entry : rig.sls().requests().entries()) {
            operations.merge(entry.operation(), 1, Integer::sum);
        }
        return operations;
    }
}
