package io.slsdispatch.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.aliyun.openservices.log.common.Logs;
import com.google.protobuf.ByteString;
import io.slsdispatch.browser.Browser;
import io.slsdispatch.local.wire.Cursors;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;

/** The console page in a real browser, used with mouse and keyboard. */
class ConsoleInBrowserTest {

    private static final String PROJECT = "shown-project";
    private static final String STORE = "shown-store";
    private static final String SHOWN = PROJECT + " / " + STORE;
    private static final String TABLE = "shards of " + SHOWN;
    private static final String GROUP_TABLE = "consumer group %s of " + SHOWN;
    private static final String SHARDS = "/logstores/" + STORE + "/shards";
    private static final String PUT = SHARDS + "/lb";
    private static final String GROUPS = "/logstores/" + STORE + "/consumergroups";
    private static final Duration LONG = Duration.ofMinutes(2);

    /** If it were taken for markup, a browser would run it. */
    private static final String HOSTILE =
            "</textarea></code><img src=x onerror=\"document.title='ran'\"><b class=hostile>";

    /** Texts with a contrast below 4.5, the least that WCAG 2.2 has for text (1.4.3); empty when all are good. */
    private static final String HARD_TO_READ = """
            (() => {
              const rgba = text => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
              const linear = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
              const light = c => { const [r, g, b] = c.map(v => linear(v / 255)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
              const behind = e => {
                for (; e; e = e.parentElement) {
                  const c = rgba(getComputedStyle(e).backgroundColor);
                  if (c[3] === 1) return c;
                }
                return [255, 255, 255, 1];
              };
              const found = new Set(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              for (let t = texts.nextNode(); t; t = texts.nextNode()) {
                const e = t.parentElement;
                if (!t.data.trim() || !e.getClientRects().length || e.tagName === "OPTION") continue;
                const [a, b] = [light(rgba(getComputedStyle(e).color)), light(behind(e))];
                const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (contrast < 4.5) found.add(e.tagName + "." + e.className + " " + contrast.toFixed(2) + ": " + t.data);
              }
              return [...found];
            })()""";

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

        awaitShown("a shard that is read-only", any -> assertThat(page.table(TABLE))
                .allSatisfy(row -> assertThat(row.get("for, h:mm:ss")).matches("0:\\d\\d:\\d\\d"))
                .extracting(row -> row.get("shard"), row -> row.get("status"), row -> row.get("from shards"))
                .containsExactly(
                        tuple("0", "read-only", "–"),
                        tuple("1", "open", "–"),
                        tuple("2", "open", "0"),
                        tuple("3", "open", "0"),
                        tuple("4", "open", "0")));
        List<ConsolePage.KeyBar> bars = page.keyBars(TABLE);
        assertThat(bars.get(0).range()).startsWith("00000000000000000000000000000000 to 8000");
        assertThat(bars.get(1).range()).startsWith("80000000000000000000000000000000 to ffff");
        assertBar(bars.get(0), 0, 1 / 2.0);
        assertBar(bars.get(1), 1 / 2.0, 1);
        assertBar(bars.get(2), 0, 1 / 6.0);
        assertBar(bars.get(3), 1 / 6.0, 2 / 6.0);
        assertBar(bars.get(4), 2 / 6.0, 1 / 2.0);
        assertThat(page.table("shards of " + PROJECT + " / another-store")).hasSize(1);
        assertNoComplaints();
    }

    private static void assertBar(ConsolePage.KeyBar bar, double begin, double end) {
        assertThat(bar.begin()).isEqualTo(begin, within(0.02));
        assertThat(bar.end()).isEqualTo(end, within(0.02));
    }

    @Test
    void aThousandShardsAreFoldedAndFoundByAFilter() {
        server.createLogstore(PROJECT, "wide-store", 1000);
        // The first ones are open, and few shards as well.
        String name = PROJECT + " / wide-store";
        String shards = "shards of " + name;

        awaitShown("its summary", any -> assertThat(page.summaryOf(name)).startsWith("1,000", "0", "0"));
        assertThat(page.rows(shards)).isZero();
        assertThat(top("#groups")).as("where consumer groups begin").isLessThan(1000);
        page.toggle(name);
        awaitShown("some of its shards", any -> assertThat(page.rows(shards)).isEqualTo(50));
        assertThat(browser.driver().findElement(By.tagName("body")).getText()).contains("950 more: use the filter");
        browser.driver()
                .findElement(By.cssSelector("input[aria-label^='filter shards']"))
                .sendKeys("999");
        awaitShown("the shard that was looked for", any -> assertThat(page.rows(shards))
                .isEqualTo(1));
        server.put(PROJECT, "wide-store", 999, Groups.group("t", "text"));

        awaitShown("what came into it", any -> assertThat(page.table(shards))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("shard", "999").containsEntry("groups", "1")));
        browser.driver().findElement(By.cssSelector("nav a[href='#faults']")).click();
        awaitShown("the faults", any -> assertThat(top("#faults")).isBetween(-1.0, 1000.0));
        assertNoComplaints();
    }

    private static double top(String selector) {
        String top = "document.querySelector('%s').getBoundingClientRect().top".formatted(selector);
        return ((Number) browser.evaluate(top)).doubleValue();
    }

    @Test
    void ratesRiseWhileGroupsComeInAndFallWhenNoMoreDo() {
        awaitShown("an idle shard", any -> assertThat(page.table(TABLE).get(1))
                .containsEntry("groups", "0")
                .containsEntry("written, groups/s", "0"));
        awaitShown("a rate of writing, of one shard", any -> {
            put(1, 50);
            List<Map<String, String>> shards = page.table(TABLE);
            assertThat(Integer.parseInt(shards.get(1).get("written, groups/s"))).isPositive();
            assertThat(Integer.parseInt(shards.get(1).get("groups"))).isPositive();
            assertThat(shards.get(0)).containsEntry("groups", "0").containsEntry("written, groups/s", "0");
        });
        awaitShown("a rate of reading", any -> {
            assertThat(pull().status()).isEqualTo(200);
            assertThat(Integer.parseInt(page.table(TABLE).get(1).get("read, groups/s")))
                    .isPositive();
        });
        awaitShown("an idle shard again", any -> assertThat(page.table(TABLE).get(1))
                .containsEntry("written, groups/s", "0")
                .containsEntry("read, groups/s", "0"));
        assertThat(page.table(TABLE).get(1).get("groups")).isNotEqualTo("0");
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

        awaitShown("the lag of both shards", any -> assertThat(page.table(GROUP_TABLE.formatted("shown-group")))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row).containsEntry("committed", "nothing"))
                .extracting(row -> row.get("lag, groups"))
                .containsExactly("7", "5"));
        commit(0, 4);
        commit(1, 5);
        awaitShown("less lag", any -> assertThat(page.table(GROUP_TABLE.formatted("shown-group")))
                .allSatisfy(row -> assertThat(row).containsEntry("committed", "yes"))
                .allSatisfy(row -> assertThat(row.get("lag, h:mm:ss")).startsWith("0:"))
                .extracting(row -> row.get("lag, groups"))
                .containsExactly("3", "0"));
        assertThat(page.summaryOf("shown-group of " + SHOWN)).startsWith("2", "0", "1", "3");
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
        awaitShown("the fault", any -> assertThat(page.table("faults"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("fault")).contains("\"ServerBusy\"", "\"PutLogs\""))
                .satisfies(row -> assertThat(row).containsEntry("calls affected", "0")));
        assertThat(putOne()).isEqualTo("503 ServerBusy");
        assertThat(putOne()).isEqualTo("503 ServerBusy");
        awaitShown("what it did", any -> {
            assertThat(page.table("faults").get(0)).containsEntry("calls affected", "2");
            assertThat(page.summary()).endsWith("rejected: ServerBusy 2");
        });

        page.switchOff(page.table("faults").get(0).get("id"));
        awaitShown("no fault", any -> assertThat(page.table("faults")).isEmpty());
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
            awaitShown(code, any -> assertThat(page.table("faults"))
                    .extracting(row -> row.get("fault"))
                    .last()
                    .asString()
                    .contains(code));
        }

        page.switchOff(page.table("faults").get(0).get("id"));
        awaitShown("two faults", any -> assertThat(page.table("faults")).hasSize(2));
        assertThat(putOne()).isEqualTo("500 Second");
        page.switchAllOff();
        awaitShown("no fault", any -> assertThat(page.table("faults")).isEmpty());
        assertThat(putOne()).isEqualTo("200");
        assertNoComplaints();
    }

    @Test
    void aButtonStaysTheSameWhileThePageGoesOn() throws IOException {
        page.switchOn("{\"effect\": \"hang\", \"operation\": \"SplitShard\"}");
        awaitShown("the fault", any -> assertThat(page.table("faults")).hasSize(1));
        WebElement off = browser.driver().findElement(By.cssSelector("#faults button"));
        put(0, 3);
        awaitShown(
                "the page to go on", any -> assertThat(page.table(TABLE).get(0)).containsEntry("groups", "3"));

        off.click();

        awaitShown("no fault", any -> assertThat(page.table("faults")).isEmpty());
        assertNoComplaints();
    }

    @Test
    void aFaultThatCannotBeIsRefusedWithWhatIsWrongAndTheNextGoodOneClearsThat() {
        page.switchOn("{\"effect\": \"eror\"}");
        awaitShown("the refusal", any -> assertThat(page.problem()).contains("eror", "expected one of"));
        assertThat(page.table("faults")).isEmpty();
        page.switchOn("{\"effect\": \"hang\", 'operation': \"SplitShard\"}");
        awaitShown("the refusal in plain words", any -> assertThat(page.problem())
                .contains("not JSON at line 1, column ", "double quotes")
                .doesNotContain("code 39", "Unexpected character"));

        page.switchOn("{\"effect\": \"hang\", \"operation\": \"SplitShard\"}");
        awaitShown("the fault", any -> assertThat(page.table("faults")).hasSize(1));
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
        awaitShown("the fault", any -> assertThat(page.table("faults"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("fault")).contains("<b class=hostile>")));
        assertThat(wire.putLogs(PUT, Groups.group(HOSTILE, HOSTILE)).status()).isEqualTo(500);
        server.put(
                PROJECT, STORE, 0, tagged(HOSTILE, ByteString.copyFromUtf8(HOSTILE), ByteString.copyFromUtf8(HOSTILE)));
        page.switchOn("{\"effect\": \"%s\"}".formatted(quoted));

        awaitShown("its effect, and what is wrong with another", any -> {
            assertThat(page.summary()).contains(HOSTILE + " 1");
            assertThat(page.problem()).contains("<b class=hostile>");
        });
        awaitShown("the group", any -> assertThat(page.newestGroups(SHOWN))
                .singleElement()
                .asString()
                .contains("topic\n" + HOSTILE, HOSTILE + ": " + HOSTILE));
        assertThat(page.table(GROUP_TABLE.formatted("g"))).first().satisfies(row -> assertThat(row)
                .containsEntry("consumer", HOSTILE));
        assertThat(browser.driver().findElements(By.cssSelector("img, b, .hostile")))
                .isEmpty();
        assertThat(browser.driver().getTitle()).isEqualTo("SLS Local");
    }

    /** A group with one tag and four logs. */
    private static byte[] tagged(String topic, ByteString key, ByteString value) {
        Logs.LogGroup.Builder group = Logs.LogGroup.newBuilder()
                .setTopic(topic)
                .setSource("10.0.0.7")
                .addLogTags(Logs.LogTag.newBuilder().setKeyBytes(key).setValueBytes(value));
        for (int i = 0; i < 4; i++) {
            group.addLogs(Logs.Log.newBuilder()
                    .setTime(1_700_000_000 + i)
                    .addContents(Logs.Log.Content.newBuilder().setKey("line").setValue("number " + i + "\n\tat it")));
        }
        return group.build().toByteArray();
    }

    @Test
    void theNewestGroupsOfAShardCanBeRead() {
        ByteString binary = ByteString.copyFrom(new byte[] {(byte) 0xff, 0, (byte) 0xc3, 'x'});
        server.put(PROJECT, STORE, 0, tagged("nginx", binary, ByteString.copyFromUtf8("\u202eabc")));
        server.put(PROJECT, STORE, 1, Groups.group("", "of the other shard"));
        server.putBytes(PROJECT, STORE, 0, new byte[] {1, 2, (byte) 0xff});

        awaitShown("all three", any -> assertThat(page.newestGroups(SHOWN)).hasSize(3));
        assertThat(page.newestGroups(SHOWN))
                .anySatisfy(group -> assertThat(group)
                        .contains("shard 0", "4 logs", "topic\nnginx", "source\n10.0.0.7")
                        .contains("tags\n\\xff\\u0000\\xc3x: \\u202eabc", "line: number 0"))
                .anySatisfy(group -> assertThat(group)
                        .contains("shard 1", "1 log", "topic\nnone", "tags\nnone", "of the other shard"))
                .anySatisfy(group -> assertThat(group).contains("Not a log group", "0102ff"));
        browser.driver()
                .findElement(By.cssSelector("button[aria-label='show the newest groups of shard 1']"))
                .click();
        awaitShown("those of one shard", any -> assertThat(page.newestGroups(SHOWN))
                .singleElement()
                .asString()
                .contains("of the other shard"));
        browser.driver().findElement(By.xpath("//button[.='all shards']")).click();
        awaitShown("all again", any -> assertThat(page.newestGroups(SHOWN)).hasSize(3));
        browser.evaluate("document.querySelectorAll('.logs summary').forEach(each => each.click())");
        awaitShown(
                "more of the logs", any -> assertThat(page.newestGroups(SHOWN)).anySatisfy(group -> assertThat(group)
                        .contains("line: number 0\n", "line: number 2", "and 1 more log")
                        .doesNotContain("number 3")));
        assertNoComplaints();
    }

    @Test
    void theFocusGoesOnToTheNextButtonAfterOff() {
        for (String code : List.of("First", "Second", "Third")) {
            page.switchOn("{\"effect\": \"error\", \"status\": 500, \"code\": \"%s\"}".formatted(code));
            awaitShown(
                    code, any -> assertThat(page.table("faults")).last().satisfies(row -> assertThat(row.get("fault"))
                            .contains(code)));
        }
        List<String> ids =
                page.table("faults").stream().map(row -> row.get("id")).toList();
        browser.driver()
                .findElement(By.cssSelector("button[aria-label='" + off(ids.get(1)) + "']"))
                .sendKeys(Keys.ENTER);

        awaitShown("the focus on the third", any -> assertThat(focused()).isEqualTo(off(ids.get(2))));
        browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
        awaitShown("the focus on the first", any -> assertThat(focused()).isEqualTo(off(ids.get(0))));
        browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
        awaitShown("the focus on the form", any -> assertThat(focused()).isEqualTo("Switch on"));
        assertThat(page.table("faults")).isEmpty();
    }

    private static String off(String id) {
        return "switch fault " + id + " off";
    }

    private static String focused() {
        WebElement element = browser.driver().switchTo().activeElement();
        String label = element.getDomAttribute("aria-label");
        return label == null ? element.getText() : label;
    }

    @Test
    void aServerWithoutLogstoresSaysHowToGetOne() {
        server.deleteLogstore(PROJECT, STORE);

        awaitShown("the hint", any -> assertThat(
                        browser.driver().findElement(By.className("hint")).getText())
                .contains("no logstore yet", server.endpoint(), "--logstore"));
        server.createLogstore(PROJECT, STORE, 1);
        awaitShown("the logstore", any -> assertThat(page.table(TABLE)).hasSize(1));
        assertThat(browser.driver().findElements(By.className("hint"))).isEmpty();
    }

    @Test
    void everythingFitsASmallScreenAndIsReadableInTheLightAndInTheDark() throws IOException {
        String wide = "a-logstore-with-a-name-as-long-as-the-service-allows-it-to-be-0";
        server.createLogstore(PROJECT, wide, 40);
        server.put(PROJECT, STORE, 0, tagged("t".repeat(300), ByteString.copyFromUtf8("k".repeat(200)), binary(900)));
        server.split(PROJECT, STORE, 1);
        wire.post(GROUPS, "{\"consumerGroup\":\"%s\",\"timeout\":60,\"order\":false}".formatted("g".repeat(60)));
        wire.post("/_local/faults", "{\"effect\": \"error\", \"code\": \"%s\"}".formatted("c".repeat(400)));
        awaitShown("all of it", any -> {
            assertThat(page.newestGroups(SHOWN)).hasSize(1);
            assertThat(page.rows("faults")).isEqualTo(1);
        });
        page.toggle(PROJECT + " / " + wide);
        awaitShown("the wide one", any -> assertThat(page.rows("shards of " + PROJECT + " / " + wide))
                .isEqualTo(40));
        browser.evaluate("document.querySelectorAll('.logs summary').forEach(each => each.click())");
        page.switchOn("{\"effect\": \"" + "e".repeat(500) + "\"}");
        awaitShown("a long mistake", any -> assertThat(page.problem()).contains("eee"));

        try {
            for (boolean dark : new boolean[] {false, true}) {
                for (int width : new int[] {390, 1280}) {
                    browser.show(width, 900, dark);
                    assertThat(((Number) browser.evaluate("document.documentElement.scrollWidth")).intValue())
                            .as("%d pixels, dark: %s", width, dark)
                            .isLessThanOrEqualTo(width);
                    assertThat(browser.evaluate(HARD_TO_READ))
                            .as("dark: %s", dark)
                            .isEqualTo(List.of());
                }
            }
        } finally {
            browser.show(1300, 1000, false);
        }
    }

    private static ByteString binary(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 0xfe);
        return ByteString.copyFrom(bytes);
    }

    @Test
    void aServerThatIsGoneIsSaidToBeAndOneThatIsBackIsShownAgain() throws IOException {
        awaitShown("the page", any -> assertThat(page.table(TABLE)).hasSize(2));
        int port = server.port();
        server.close();

        awaitShown("that there is no answer", any -> assertThat(page.summary()).startsWith("No response"));
        server = SlsLocal.start(SlsLocalOptions.builder()
                .threads(1)
                .port(port)
                .verifySignatures(false)
                .logstore(PROJECT, STORE, 3)
                .build());
        awaitShown("the new one", any -> assertThat(page.table(TABLE)).hasSize(3));
    }
}
