package io.slsdispatch.local.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReconcilerTest {

    private final Books source = new Books("source");
    private final Books a = new Books("a");
    private final Books b = new Books("b");

    @Test
    void findsNothingWhereEveryGroupArrivedOnce() throws Exception {
        source.write(0, "to-a", "one").write(0, "to-both", "two").write(1, "nowhere", "three");
        a.write(0, "to-a", "one").write(0, "to-both", "two");
        b.write(5, "to-both", "two");

        Reconciliation found = reconcile();

        assertThat(found).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
        assertThat(found.groups()).isEqualTo(3);
        assertThat(found.unrouted()).isEqualTo(1);
        assertThat(found.reordered()).isZero();
        assertThat(found.offenders()).isEmpty();
        assertThat(found.targets()).extracting(Reconciliation.Target::expected).containsExactly(2L, 1L);
    }

    @Test
    void aGroupThatIsNotThereIsLost() throws Exception {
        source.write(0, "to-both", "one");
        a.write(0, "to-both", "one");

        Reconciliation found = reconcile();

        assertThat(found).hasToString("lost=1 duplicated=0 misrouted=0 altered=0");
        assertThat(found.offenders())
                .singleElement()
                .asString()
                .startsWith("b: lost")
                .contains("to-both");
    }

    @Test
    void equalGroupsAreCountedEach() throws Exception {
        source.write(0, "to-a", "same").write(1, "to-a", "same");
        a.write(0, "to-a", "same");
        assertThat(reconcile()).hasToString("lost=1 duplicated=0 misrouted=0 altered=0");

        a.write(0, "to-a", "same");
        assertThat(reconcile()).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");

        a.write(1, "to-a", "same");
        assertThat(reconcile()).hasToString("lost=0 duplicated=1 misrouted=0 altered=0");
    }

    @Test
    void aGroupInAnotherTargetIsMisroutedAndLost() throws Exception {
        source.write(0, "to-a", "one");
        b.write(0, "to-a", "one");

        assertThat(reconcile()).hasToString("lost=1 duplicated=0 misrouted=1 altered=0");
    }

    @Test
    void aGroupThatNoRuleRoutesIsMisroutedWhereverItArrives() throws Exception {
        source.write(0, "nowhere", "one");
        a.write(0, "nowhere", "one");

        assertThat(reconcile()).hasToString("lost=0 duplicated=0 misrouted=1 altered=0");
    }

    @Test
    void bytesThatTheSourceNeverHadAreAltered() throws Exception {
        source.write(0, "to-a", "one");
        a.write(0, "to-a", "0ne");

        assertThat(reconcile()).hasToString("lost=1 duplicated=0 misrouted=0 altered=1");
    }

    @Test
    void aLaterGroupBeforeAnEarlierOneOfItsShardAndTopicIsReordered() throws Exception {
        source.write(0, "to-a", "one").write(0, "to-a", "two").write(1, "to-a", "three");
        a.write(0, "to-a", "three").write(0, "to-a", "two").write(0, "to-a", "one");

        assertThat(reconcile().reordered()).isEqualTo(1);
    }

    @Test
    void groupsInDifferentShardsOfTheTargetHaveNoOrder() throws Exception {
        source.write(0, "to-a", "one").write(0, "to-a", "two");
        a.write(0, "to-a", "two").write(1, "to-a", "one");

        assertThat(reconcile().reordered()).isZero();
    }

    @Test
    void aRepeatIsNoReordering() throws Exception {
        source.write(0, "to-a", "one").write(0, "to-a", "two");
        a.write(0, "to-a", "one").write(0, "to-a", "two").write(0, "to-a", "one");

        Reconciliation found = reconcile();
        assertThat(found.reordered()).isZero();
        assertThat(found.duplicated()).isEqualTo(1);
    }

    private Reconciliation reconcile() throws Exception {
        return Reconciler.reconcile(source, new TreeMap<>(Map.of("a", a, "b", b)), topic -> switch (topic) {
            case "to-a" -> Set.of("a");
            case "to-both" -> Set.of("a", "b");
            default -> Set.of();
        });
    }

    private static final class Books implements LogstoreLedger {

        private final String name;
        private final List<LedgerEntry> entries = new ArrayList<>();

        private Books(String name) {
            this.name = name;
        }

        Books write(int shard, String topic, String content) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            entries.add(new LedgerEntry(shard, entries.size(), 0, bytes.length, GroupDigest.of(bytes), topic));
            return this;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Iterator<LedgerEntry> entries() {
            return List.copyOf(entries).iterator();
        }
    }
}
