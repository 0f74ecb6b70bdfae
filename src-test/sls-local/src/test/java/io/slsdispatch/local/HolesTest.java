package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.wire.Cursors;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holes in the numbers of a shard's cursors: what pulls, cursors, times, retention and counts answer then. */
class HolesTest {

    private static final String PROJECT = "hole-project";
    private static final String STORE = "store";
    private static final String LB = "/logstores/store/shards/lb";

    private SlsLocal server;
    private Wire wire;
    private long first;

    @BeforeEach
    void start() throws IOException {
        open(SlsLocalOptions.builder());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void open(SlsLocalOptions.Builder options) throws IOException {
        server = SlsLocal.start(options.verifySignatures(false)
                .threads(1)
                .logstore(PROJECT, STORE, 1)
                .build());
        wire = new Wire(server, PROJECT);
        first = server.shards(PROJECT, STORE).get(0).firstPosition();
    }

    private void put(int groups) {
        for (int i = 0; i < groups; i++) {
            server.put(PROJECT, STORE, 0, group("t", "value"));
        }
    }

    private void hole(long size) {
        server.jump(PROJECT, STORE, 0, size);
    }

    private Wire.Answer pull(long number, String more) throws IOException {
        return wire.get(
                "/logstores/store/shards/0?type=log&count=1000&cursor=" + Cursors.encode(first + number) + more);
    }

    /** Count, number of the last group and next number, as in {@code 3 5 6}; numbers are those after the first one. */
    private String pulled(long number, String more) throws IOException {
        Wire.Answer answer = pull(number, more);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        String last = answer.header("x-log-read-last-cursor");
        return answer.header("x-log-count") + " "
                + (last.equals("(none)") ? "-" : Long.parseLong(last) - first) + " "
                + (Cursors.decode(answer.header("x-log-cursor")) - first);
    }

    private long cursor(String from) throws IOException {
        String text =
                wire.get("/logstores/store/shards/0?type=cursor&from=" + from).text();
        return Cursors.decode(text.substring(text.indexOf(":\"") + 2, text.lastIndexOf('"'))) - first;
    }

    private List<Long> numbers() throws IOException {
        List<Long> numbers = new ArrayList<>();
        server.ledger(PROJECT, STORE).entries().forEachRemaining(entry -> numbers.add(entry.position() - first));
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 1_000_000_000_000_000L})
    void aHoleLiesInsideOnePullOrBetweenTwo(long size) throws IOException {
        put(2);
        hole(size);
        assertThat(cursor("end")).isEqualTo(2);
        assertThat(pulled(2, "")).isEqualTo("0 - 2");
        put(1);
        assertThat(numbers()).containsExactly(0L, 1L, 2 + size);
        assertThat(pulled(0, "")).isEqualTo("3 " + (2 + size) + " " + (3 + size));
        assertThat(pulled(0, "&end_cursor=" + Cursors.encode(first + 2))).isEqualTo("2 1 2");
        assertThat(pulled(2, "")).isEqualTo("1 " + (2 + size) + " " + (3 + size));
        assertThat(pulled(2, "&end_cursor=" + Cursors.encode(first + 2 + size))).isEqualTo("0 - 2");
        assertThat(pulled(1 + size, "")).isEqualTo("1 " + (2 + size) + " " + (3 + size));
        assertThat(cursor("begin")).isZero();
        assertThat(cursor("end")).isEqualTo(3 + size);
    }

    @Test
    void aHoleLiesBeforeTheFirstGroup() throws IOException {
        hole(10);
        assertThat(cursor("begin")).isZero();
        assertThat(cursor("end")).isZero();
        put(2);
        assertThat(cursor("begin")).isZero();
        assertThat(cursor("0")).isZero();
        assertThat(pulled(0, "")).isEqualTo("2 11 12");
        assertThat(cursor("end")).isEqualTo(12);
    }

    @Test
    void severalHolesLieInOnePull() throws IOException {
        put(1);
        hole(5);
        put(1);
        hole(2);
        hole(1);
        put(1);
        assertThat(numbers()).containsExactly(0L, 6L, 10L);
        assertThat(pulled(0, "")).isEqualTo("3 10 11");
        assertThat(pulled(3, "")).isEqualTo("2 10 11");
        assertThat(pulled(7, "")).isEqualTo("1 10 11");
    }

    @Test
    void aNumberInsideAHoleHasATimeAndBehindTheEndThereIsNone() throws IOException {
        put(1);
        hole(100);
        put(1);
        String time = "/logstores/store/shards/0?type=cursor_time&cursor=";
        assertThat(wire.get(time + Cursors.encode(first + 50)).text()).contains("cursor_time");
        assertThat(wire.get(time + Cursors.encode(first + 102)).text()).contains("cursor_time");
        assertThat(wire.get(time + Cursors.encode(first + 103)).code()).isEqualTo("InvalidCursor");
    }

    @Test
    void retentionEndsOnTheOtherSideAndCountsGroupsAndNotNumbers() throws IOException {
        put(2);
        hole(1000);
        put(2);
        server.trim(PROJECT, STORE, 0, 2);
        assertThat(cursor("begin")).isEqualTo(1002);
        assertThat(pull(2, "").code()).isEqualTo("InvalidCursor");
        assertThat(pulled(1002, "")).isEqualTo("2 1003 1004");
        assertThat(wire.get("/_local/stats").text()).contains("\"groups\":4", "\"retainedGroups\":2");
        server.trim(PROJECT, STORE, 0, 100);
        assertThat(cursor("begin")).isEqualTo(1004);
        assertThat(numbers()).hasSize(4);
    }

    @Test
    void holesOutliveTheProcess(@TempDir Path directory) throws IOException {
        server.close();
        open(SlsLocalOptions.builder().dataDirectory(directory));
        hole(7);
        put(1);
        hole(9);
        put(1);
        server.close();
        open(SlsLocalOptions.builder().dataDirectory(directory));
        put(1);
        assertThat(numbers()).containsExactly(7L, 17L, 18L);
        assertThat(cursor("begin")).isZero();
        assertThat(pulled(0, "")).isEqualTo("3 18 19");
    }

    @Test
    void childrenBeginBehindTheHole() throws IOException {
        hole(1_000_000_000_000_000L);
        put(1);
        assertThat(server.split(PROJECT, STORE, 0).get(1).firstPosition()).isGreaterThan(first + cursor("end"));
    }

    @Test
    void aHoleComesAtOnceOrWhilePutsAreServed() throws IOException {
        assertThat(wire.post(
                                "/_local/events",
                                "{\"effect\":\"hole\",\"size\":3,\"project\":\"hole-project\",\"logstore\":\"store\",\"shard\":0}")
                        .status())
                .isEqualTo(200);
        put(1);
        server.faults()
                .add(Fault.of(new Effect.Hole(2, 20, Moment.BEFORE), PROJECT, STORE, 0)
                        .on(Operation.PUT_LOGS)
                        .times(2));
        for (int i = 0; i < 3; i++) {
            assertThat(wire.putLogs(LB, group("t", "value")).status()).isEqualTo(200);
        }
        Iterator<Long> numbers = numbers().iterator();
        assertThat(numbers.next()).isEqualTo(3);
        long second = numbers.next();
        long third = numbers.next();
        assertThat(second).isBetween(6L, 24L);
        assertThat(third - second).isBetween(3L, 21L);
        assertThat(numbers.next()).isEqualTo(third + 1);
    }

    @Test
    void numbersNeverComeNearTheEndOfSixtyFourBits() {
        assertThatThrownBy(() -> hole(Long.MAX_VALUE - first - 10))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("is too large");
    }
}
