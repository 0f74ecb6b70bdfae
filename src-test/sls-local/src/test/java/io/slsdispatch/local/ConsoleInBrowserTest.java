package io.slsdispatch.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.browser.Browser;
import io.slsdispatch.local.wire.Cursors;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;

/** The console page in a real browser, used with mouse and keyboard. */
class ConsoleInBrowserTest {

    private static final String PROJECT = "shown-project";
    private static final String STORE = "shown-store";
    private static final String SHOWN = PROJECT + " / " + STORE;
    private static final String SHARDS = "/logstores/" + STORE + "/shards";
    private static final String PUT = SHARDS + "/lb";
    private static final String GROUPS = "/logstores/" + STORE + "/consumergroups";
    private static final Duration LONG = Duration.ofMinutes(2);

    /** If it were taken for markup, a browser would run it. */
    private static final String HOSTILE =
            "</textarea></code><img src=x onerror=\"document.title='ran'\"><b class=hostile>";

    @TempDir
    private static Path folder;

    private static Browser browser;

    private SlsLocal server;
    private Wire wire;
    private ConsolePage page;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.open(folder, "SLS Local's console page in a browser", 1300, 1000);
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openPage() throws IOException {
        server = SlsLocal.start(SlsLocalOptions.builder()
                .threads(1)
                .verifySignatures(false)
                .logstore(PROJECT, STORE, 2)
                .build());
        wire = new Wire(server, PROJECT);
        browser.complaints();
        page = ConsolePage.open(browser, server);
    }

    /** The page is left first: it would ask on, and complain in the next test. */
    @AfterEach
    void leavePageAndStopServer() {
        browser.driver().get("about:blank");
        server.close();
    }

    /** The page changes while it is read: what is seen is asked for again. */
    private static void awaitShown(String what, ThrowingConsumer<Void> seen) {
        await(what)
                .atMost(LONG)
                .ignoreExceptionsInstanceOf(StaleElementReferenceException.class)
                .ignoreExceptionsInstanceOf(NoSuchElementException.class)
                .untilAsserted(() -> seen.accept(null));
    }

    private static void assertNoComplaints() {
        assertThat(browser.complaints()).as("the browser's console").isEmpty();
    }

    private void put(int shard, int groups) {
        for (int i = 0; i < groups; i++) {
            server.put(PROJECT, STORE, shard, Groups.group("t", "text"));
        }
    }

    @Test
    void eachLogstoreHasItsShardsWithKeyRangesAndLives() {
        server.createLogstore(PROJECT, "another-store", 1);
        server.split(PROJECT, STORE, 0, 3);

        awaitShown("a shard that is read-only", any -> assertThat(page.table(SHOWN))
                .extracting(row -> row.get("shard"), row -> row.get("status").replaceFirst("\\d+ s", "a while"))
                .containsExactly(
                        tuple("0", "read-only for a while"),
                        tuple("1", "open for a while"),
                        tuple("2", "open for a while, from 0"),
                        tuple("3", "open for a while, from 0"),
                        tuple("4", "open for a while, from 0")));
        List<ConsolePage.KeyBar> bars = page.keyBars(SHOWN);
        assertThat(bars.get(0).range()).startsWith("00000000000000000000000000000000 to 8000");
        assertThat(bars.get(1).range()).startsWith("80000000000000000000000000000000 to ffff");
        assertBar(bars.get(0), 0, 1 / 2.0);
        assertBar(bars.get(1), 1 / 2.0, 1);
        assertBar(bars.get(2), 0, 1 / 6.0);
        assertBar(bars.get(3), 1 / 6.0, 2 / 6.0);
        assertBar(bars.get(4), 2 / 6.0, 1 / 2.0);
        assertThat(page.table(PROJECT + " / another-store")).hasSize(1);
        assertNoComplaints();
    }

    private static void assertBar(ConsolePage.KeyBar bar, double begin, double end) {
        assertThat(bar.begin()).isEqualTo(begin, within(0.02));
        assertThat(bar.end()).isEqualTo(end, within(0.02));
    }

    @Test
    void aThousandShardsAreShownAndGoOn() {
        server.createLogstore(PROJECT, "wide-store", 1000);
        By last = By.xpath("(//h2[normalize-space()='%s / wide-store']/following-sibling::*[1]//tr)[last()]/td[4]"
                .formatted(PROJECT));

        awaitShown("every shard", any -> assertThat(browser.driver().findElements(By.cssSelector("tbody .ring")))
                .hasSize(1000 + 2));
        assertThat(browser.driver().findElement(last).getText()).isEqualTo("0");
        server.put(PROJECT, "wide-store", 999, Groups.group("t", "text"));

        awaitShown(
                "what came into the last one",
                any -> assertThat(browser.driver().findElement(last).getText()).isEqualTo("1"));
        assertNoComplaints();
    }

    @Test
    void ratesRiseWhileGroupsComeInAndFallWhenNoMoreDo() {
        awaitShown("an idle shard", any -> assertThat(page.table(SHOWN).get(1))
                .containsEntry("groups", "0")
                .containsEntry("written/s", "0"));
        awaitShown("a rate of writing, of one shard", any -> {
            put(1, 50);
            List<Map<String, String>> shards = page.table(SHOWN);
            assertThat(Integer.parseInt(shards.get(1).get("written/s"))).isPositive();
            assertThat(Integer.parseInt(shards.get(1).get("groups"))).isPositive();
            assertThat(shards.get(0)).containsEntry("groups", "0").containsEntry("written/s", "0");
        });
        awaitShown("a rate of reading", any -> {
            assertThat(pull().status()).isEqualTo(200);
            assertThat(Integer.parseInt(page.table(SHOWN).get(1).get("read/s"))).isPositive();
        });
        awaitShown("an idle shard again", any -> assertThat(page.table(SHOWN).get(1))
                .containsEntry("written/s", "0")
                .containsEntry("read/s", "0"));
        assertThat(page.table(SHOWN).get(1).get("groups")).isNotEqualTo("0");
        assertNoComplaints();
    }

    private Wire.Answer pull() throws IOException {
        String pull = SHARDS + "/1?type=log&count=10&cursor=" + cursor(1, 0);
        return wire.get(pull);
    }

    @Test
    void consumerGroupsShowTheirLagInEachShardAndTheLagFallsWhenTheyCommit() throws IOException {
        put(0, 7);
        put(1, 5);
        assertThat(wire.post(GROUPS, "{\"consumerGroup\":\"shown-group\",\"timeout\":60,\"order\":false}")
                        .status())
                .isEqualTo(200);

        awaitShown("the lag of both shards", any -> assertThat(page.table("Consumer groups"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("group", "shown-group")
                        .containsEntry("logstore", SHOWN)
                        .containsEntry("lag", "nothing committed"))
                .extracting(row -> row.get("lag, groups"))
                .containsExactly("7", "5"));
        commit(0, 4);
        commit(1, 5);
        awaitShown("less lag", any -> assertThat(page.table("Consumer groups"))
                .allSatisfy(row -> assertThat(row.get("lag")).endsWith(" s"))
                .extracting(row -> row.get("lag, groups"))
                .containsExactly("3", "0"));
        assertNoComplaints();
    }

    /** The cursor behind so many groups. */
    private String cursor(int shard, long groups) throws IOException {
        String answer =
                wire.get(SHARDS + "/" + shard + "?type=cursor&from=begin").text();
        String begin = answer.substring(answer.indexOf(":\"") + 2, answer.lastIndexOf('"'));
        return Cursors.encode(Cursors.decode(begin) + groups);
    }

    private void commit(int shard, long groups) throws IOException {
        String commit = GROUPS + "/shown-group?type=checkpoint&consumer=c&forceSuccess=true";
        assertThat(wire.post(commit, "{\"shard\": %d, \"checkpoint\": \"%s\"}".formatted(shard, cursor(shard, groups)))
                        .result())
                .isEqualTo("200");
    }

    @Test
    void aFaultThatIsSwitchedOnStrikesAndOneThatIsSwitchedOffDoesNot() throws IOException {
        assertThat(putOne()).isEqualTo("200");

        page.switchOn("{\"effect\": \"error\", \"code\": \"ServerBusy\", \"operation\": \"PutLogs\"}");
        awaitShown("the fault", any -> assertThat(page.table("Faults"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("fault")).contains("\"ServerBusy\"", "\"PutLogs\""))
                .satisfies(row -> assertThat(row).containsEntry("struck", "0")));
        assertThat(putOne()).isEqualTo("503 ServerBusy");
        assertThat(putOne()).isEqualTo("503 ServerBusy");
        awaitShown("what it did", any -> {
            assertThat(page.table("Faults").get(0)).containsEntry("struck", "2");
            assertThat(page.summary()).endsWith("rejected: ServerBusy 2");
        });

        page.switchOff(page.table("Faults").get(0).get("id"));
        awaitShown("no fault", any -> assertThat(page.table("Faults")).isEmpty());
        assertThat(putOne()).isEqualTo("200");
        assertNoComplaints();
    }

    private String putOne() throws IOException {
        return wire.putLogs(PUT, Groups.group("t", "text")).result();
    }

    @Test
    void oneOfSeveralFaultsIsSwitchedOffOrAllOfThem() throws IOException {
        for (String code : List.of("First", "Second", "Third")) {
            page.switchOn("{\"effect\": \"error\", \"status\": 500, \"code\": \"%s\"}".formatted(code));
            awaitShown(code, any -> assertThat(page.table("Faults"))
                    .extracting(row -> row.get("fault"))
                    .last()
                    .asString()
                    .contains(code));
        }

        page.switchOff(page.table("Faults").get(0).get("id"));
        awaitShown("two faults", any -> assertThat(page.table("Faults")).hasSize(2));
        assertThat(putOne()).isEqualTo("500 Second");
        page.switchAllOff();
        awaitShown("no fault", any -> assertThat(page.table("Faults")).isEmpty());
        assertThat(putOne()).isEqualTo("200");
        assertNoComplaints();
    }

    @Test
    void aButtonStaysTheSameWhileThePageGoesOn() throws IOException {
        page.switchOn("{\"effect\": \"hang\", \"operation\": \"SplitShard\"}");
        awaitShown("the fault", any -> assertThat(page.table("Faults")).hasSize(1));
        WebElement off = browser.driver().findElement(By.cssSelector("#faults button"));
        put(0, 3);
        awaitShown(
                "the page to go on", any -> assertThat(page.table(SHOWN).get(0)).containsEntry("groups", "3"));

        off.click();

        awaitShown("no fault", any -> assertThat(page.table("Faults")).isEmpty());
        assertNoComplaints();
    }

    @Test
    void aFaultThatCannotBeIsRefusedWithWhatIsWrongAndTheNextGoodOneClearsThat() {
        page.switchOn("{\"effect\": \"eror\"}");
        awaitShown("the refusal", any -> assertThat(page.problem()).contains("eror"));
        assertThat(page.table("Faults")).isEmpty();

        page.switchOn("{\"effect\": \"hang\", \"operation\": \"SplitShard\"}");
        awaitShown("the fault", any -> assertThat(page.table("Faults")).hasSize(1));
        assertThat(page.problem()).isEmpty();
    }

    @Test
    void textsOfOthersAreTextAndNeverRun() throws IOException {
        String quoted = HOSTILE.replace("\"", "\\\"");
        assertThat(wire.post(GROUPS, "{\"consumerGroup\":\"g\",\"timeout\":60,\"order\":false}")
                        .status())
                .isEqualTo(200);
        String consumer = URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8);
        String commit = GROUPS + "/g?type=checkpoint&forceSuccess=true&consumer=" + consumer;
        assertThat(wire.post(commit, "{\"shard\": 0, \"checkpoint\": \"MA==\"}").result())
                .isEqualTo("200");
        page.switchOn(("{\"effect\": \"error\", \"status\": 500, \"code\": \"%1$s\", \"message\": \"%1$s\","
                        + " \"operation\": \"PutLogs\", \"logstore\": \"shown-store\"}")
                .formatted(quoted));
        awaitShown("the fault", any -> assertThat(page.table("Faults"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("fault")).contains("<b class=hostile>")));
        assertThat(wire.putLogs(PUT, Groups.group(HOSTILE, HOSTILE)).status()).isEqualTo(500);
        page.switchOn("{\"effect\": \"%s\"}".formatted(quoted));

        awaitShown("its effect, and what is wrong with another", any -> {
            assertThat(page.summary()).contains(HOSTILE + " 1");
            assertThat(page.problem()).contains("<b class=hostile>");
        });
        assertThat(page.table("Consumer groups")).first().satisfies(row -> assertThat(row)
                .containsEntry("consumer", HOSTILE));
        assertThat(browser.driver().findElements(By.cssSelector("img, b, .hostile")))
                .isEmpty();
        assertThat(browser.driver().getTitle()).isEqualTo("SLS Local");
    }

    @Test
    void aServerThatIsGoneIsSaidToBeAndOneThatIsBackIsShownAgain() throws IOException {
        awaitShown("the page", any -> assertThat(page.table(SHOWN)).hasSize(2));
        int port = server.port();
        server.close();

        awaitShown("that there is no answer", any -> assertThat(page.summary()).startsWith("No response"));
        server = SlsLocal.start(SlsLocalOptions.builder()
                .threads(1)
                .port(port)
                .verifySignatures(false)
                .logstore(PROJECT, STORE, 3)
                .build());
        awaitShown("the new one", any -> assertThat(page.table(SHOWN)).hasSize(3));
    }
}
