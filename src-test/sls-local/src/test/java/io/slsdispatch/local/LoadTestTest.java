package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.settings.LoadTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What {@code --endless} and {@code --forget} change, for measurements, and what they leave as it is. */
class LoadTestTest {

    private static final String PROJECT = "load-project";
    private static final String LB = "/logstores/%s/shards/lb";

    private static SlsLocal start(String... arguments) throws IOException {
        StoreOptions store = CommandLine.populateCommand(new StoreOptions(), arguments);
        SlsLocalOptions.Builder options = SlsLocalOptions.builder().threads(1).verifySignatures(false);
        store.addTo(options);
        return SlsLocal.start(options.build());
    }

    private static String count(Wire wire, String logstore, String cursor) throws IOException {
        return pull(wire, logstore, cursor).header("x-log-count");
    }

    private static Wire.Answer pull(Wire wire, String logstore, String cursor) throws IOException {
        return wire.get("/logstores/" + logstore + "/shards/0?type=log&count=10&cursor=" + cursor);
    }

    private static String begin(Wire wire, String logstore) throws IOException {
        return wire.get("/logstores/" + logstore + "/shards/0?type=cursor&from=begin")
                .text()
                .replaceAll("(?s).*\"cursor\":\"(.*?)\".*", "$1");
    }

    @Test
    void everyRoundGivesTheSameBytes() throws IOException {
        SlsLocalOptions.Builder options = SlsLocalOptions.builder()
                .threads(1)
                .verifySignatures(false)
                .logstore("p-p", "ring", 1)
                .loadTest(new LoadTest(Set.of("p-p/ring"), Set.of()));
        try (SlsLocal server = SlsLocal.start(options.build())) {
            for (int i = 0; i < 5; i++) {
                server.put("p-p", "ring", 0, Groups.group("t", "number " + i));
            }
            Wire wire = new Wire(server, "p-p");
            String cursor = wire.get("/logstores/ring/shards/0?type=cursor&from=begin")
                    .text()
                    .replaceAll("(?s).*\"cursor\":\"(.*?)\".*", "$1");
            List<byte[]> bodies = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                Wire.Answer page = wire.send(
                        "GET",
                        "/logstores/ring/shards/0?type=log&count=2&cursor=" + cursor,
                        Map.of("Accept-Encoding", "lz4"),
                        new byte[0]);
                assertThat(page.header("x-log-count")).isEqualTo(i % 3 == 2 ? "1" : "2");
                assertThat(page.header("x-log-end-of-cursor")).isEqualTo("0");
                bodies.add(page.body());
                cursor = page.header("x-log-cursor");
            }
            assertThat(bodies.subList(3, 6)).containsExactlyElementsOf(bodies.subList(0, 3));
            assertThat(bodies.subList(6, 9)).containsExactlyElementsOf(bodies.subList(0, 3));
            assertThat(bodies.get(0)).isNotEqualTo(bodies.get(1));
        }
    }

    @Test
    void onlyTheLogstoreThatIsNamedIsEndless() throws IOException {
        try (SlsLocal server = start(
                "--logstore", PROJECT + "/ring:1", "--logstore", PROJECT + "/line:1", "--endless", PROJECT + "/ring")) {
            Wire wire = new Wire(server, PROJECT);
            for (String logstore : Set.of("ring", "line")) {
                wire.putLogs(LB.formatted(logstore), group("t", "the only one"));
                Wire.Answer first = pull(wire, logstore, begin(wire, logstore));
                assertThat(first.header("x-log-count")).isEqualTo("1");
                boolean endless = logstore.equals("ring");
                assertThat(first.header("x-log-end-of-cursor")).isEqualTo(endless ? "0" : "1");
                assertThat(count(wire, logstore, first.header("x-log-cursor"))).isEqualTo(endless ? "1" : "0");
            }
        }
    }

    @Test
    void anEndlessLogstoreWithoutDataAnswersAsAnIdleOne() throws IOException {
        try (SlsLocal server = start("--logstore", PROJECT + "/ring:1", "--endless", PROJECT + "/ring")) {
            Wire wire = new Wire(server, PROJECT);

            assertThat(count(wire, "ring", begin(wire, "ring"))).isEqualTo("0");
        }
    }

    @Test
    void aForgetfulLogstoreCountsWhatItTakesAndKeepsNothing() throws IOException {
        try (SlsLocal server = start("--logstore", PROJECT + "/pit:1", "--forget", PROJECT + "/pit")) {
            Wire wire = new Wire(server, PROJECT);
            byte[] group = group("t", "gone");

            assertThat(wire.putLogs(LB.formatted("pit"), group).status()).isEqualTo(200);

            assertThat(count(wire, "pit", begin(wire, "pit"))).isEqualTo("0");
            assertThat(server.ledger(PROJECT, "pit").entries()).isExhausted();
            assertThat(wire.get("/_local/stats").text())
                    .contains("\"putGroups\":1")
                    .contains("\"putBytes\":" + group.length);
        }
    }

    @Test
    void aForgetfulLogstoreStillRefusesWhatIsNoLogGroup() throws IOException {
        try (SlsLocal server = start("--logstore", PROJECT + "/pit:1", "--forget", PROJECT + "/pit")) {
            Wire wire = new Wire(server, PROJECT);

            assertThat(wire.putLogs(LB.formatted("pit"), new byte[] {0x0A, 0x7F})
                            .status())
                    .isEqualTo(400);
            assertThat(wire.get("/_local/stats").text()).doesNotContain("\"putGroups\":1");
        }
    }
}
