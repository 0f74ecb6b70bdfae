package io.slsdispatch.local.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    @Test
    void aDeadLetterStandsForTheGroupThatItsTargetRefused() throws Exception {
        source.write(0, "to-a", "one").write(0, "to-both", "two").write(0, "to-both", "three");
        a.write(0, "to-a", "one").write(0, "to-both", "three");
        b.write(0, "to-both", "three");
        Books dead = new Books("dead").write(0, "to-both", "two").write(0, "to-both", "two");

        Reconciliation found = comparing().deadLetters(dead, "a", "b").compare();

        assertThat(found).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
        assertThat(found.targets())
                .extracting(Reconciliation.Target::deadLettered)
                .containsExactly(1L, 1L);
        assertThat(found.deadLetters()).containsExactly(new Reconciliation.DeadLetters("dead", 2, 0, 0, 0));
    }

    @Test
    void oneDeadLetterDoesNotStandForTwoTargets() throws Exception {
        source.write(0, "to-both", "one");
        Books dead = new Books("dead").write(0, "to-both", "one");

        assertThat(comparing().deadLetters(dead, "a", "b").compare().lost()).isEqualTo(1);
    }

    @Test
    void aDeadLetterOfADeliveredGroupIsARepeatAndThoseOfStrangersAreErrors() throws Exception {
        source.write(0, "to-a", "one").write(0, "nowhere", "two");
        a.write(0, "to-a", "one");
        Books dead = new Books("dead")
                .write(0, "to-a", "one")
                .write(0, "nowhere", "two")
                .write(0, "to-a", "0ne");

        Reconciliation found = comparing().deadLetters(dead, "a").compare();

        assertThat(found).hasToString("lost=0 duplicated=0 misrouted=1 altered=1");
        assertThat(found.deadLetters()).containsExactly(new Reconciliation.DeadLetters("dead", 3, 1, 1, 1));
    }

    @Test
    void onlySoManyMayBeMissingAsTheTargetHasDropped() throws Exception {
        source.write(0, "to-a", "one").write(0, "to-a", "two").write(0, "to-a", "three");
        a.write(0, "to-a", "one");

        Reconciliation allowed = comparing().mayDrop("a", 5).compare();
        assertThat(allowed.lost()).isZero();
        assertThat(allowed.dropped()).isEqualTo(2);
        assertThat(allowed.isWhole()).isTrue();
        assertThat(comparing().mayDrop("a", 1).compare().lost()).isEqualTo(1);
    }

    @Test
    void aGroupThatHasPartsIsThereWhenAllOfThemAre() throws Exception {
        source.writeInParts("to-both", "large", "one", "two", "three").write(0, "to-a", "small");
        a.write(0, "to-both", "one")
                .write(1, "to-both", "two")
                .write(0, "to-a", "small")
                .write(0, "to-both", "three");
        b.write(0, "to-both", "large");

        Reconciliation found = reconcile();

        assertThat(found).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
        assertThat(found.groups()).isEqualTo(2);
        assertThat(found.targets()).extracting(Reconciliation.Target::expected).containsExactly(2L, 1L);
        assertThat(found.targets()).extracting(Reconciliation.Target::arrived).containsExactly(4L, 1L);
    }

    @Test
    void aGroupOfWhichAPartIsMissingIsLost() throws Exception {
        source.writeInParts("to-a", "large", "one", "two", "three");
        a.write(0, "to-a", "one").write(0, "to-a", "three");

        Reconciliation found = reconcile();

        assertThat(found).hasToString("lost=1 duplicated=0 misrouted=0 altered=0");
        assertThat(found.offenders()).singleElement().asString().contains("split into 3 parts");
    }

    @Test
    void aPartThatIsThereTwiceIsARepeatAndStandsForNoOther() throws Exception {
        source.writeInParts("to-a", "large", "one", "two");
        a.write(0, "to-a", "one").write(0, "to-a", "one");
        assertThat(reconcile()).hasToString("lost=1 duplicated=1 misrouted=0 altered=0");

        a.write(0, "to-a", "two");
        assertThat(reconcile()).hasToString("lost=0 duplicated=1 misrouted=0 altered=0");
    }

    @Test
    void aPartThatBelongsElsewhereIsMisrouted() throws Exception {
        source.writeInParts("to-a", "large", "one", "two");
        a.write(0, "to-a", "one").write(0, "to-a", "two");
        b.write(0, "to-a", "two");

        assertThat(reconcile()).hasToString("lost=0 duplicated=0 misrouted=1 altered=0");
    }

    @Test
    void equalPartsAndEqualGroupsThatHavePartsAreCountedEach() throws Exception {
        source.writeInParts("to-a", "large", "same", "same", "other")
                .writeInParts("to-a", "large", "same", "same", "other");
        for (int i = 0; i < 3; i++) {
            a.write(0, "to-a", "same").write(0, "to-a", "other");
        }
        assertThat(reconcile()).hasToString("lost=1 duplicated=1 misrouted=0 altered=0");

        a.write(0, "to-a", "same");
        assertThat(reconcile()).hasToString("lost=0 duplicated=1 misrouted=0 altered=0");
    }

    @Test
    void aPartThatIsAGroupOfTheSourceTooIsExpectedForBoth() throws Exception {
        source.writeInParts("to-a", "large", "one", "two").write(0, "to-a", "one");
        a.write(0, "to-a", "one").write(0, "to-a", "two");
        assertThat(reconcile()).hasToString("lost=1 duplicated=0 misrouted=0 altered=0");

        a.write(0, "to-a", "one");
        assertThat(reconcile()).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
    }

    @Test
    void aDeadLetterStandsForThePartThatItsTargetRefused() throws Exception {
        source.writeInParts("to-a", "large", "one", "two");
        a.write(0, "to-a", "one");
        Books dead = new Books("dead").write(0, "to-a", "two").write(0, "to-a", "one");

        Reconciliation found = comparing().deadLetters(dead, "a").compare();

        assertThat(found).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
        assertThat(found.deadLettered()).isEqualTo(1);
        assertThat(found.deadLetters()).containsExactly(new Reconciliation.DeadLetters("dead", 2, 1, 0, 0));
    }

    @Test
    void partsOutOfTheirOrderBreakAnOrderedTarget() throws Exception {
        source.writeInParts("to-a", "large", "one", "two");
        a.write(0, "to-a", "two").write(0, "to-a", "one");

        Reconciliation found = Reconciler.of(source, ReconcilerTest::routes)
                .orderedTarget("a", a)
                .target("b", b)
                .compare();

        assertThat(found.isWhole()).isFalse();
        assertThat(found.reordered()).isEqualTo(1);
    }

    @Test
    void partsOfPartsThatATargetHasRefusedMakeTheGroup() throws Exception {
        source.write(0, "to-both", "large").write(0, "to-both", "large");
        a.refused("large", "half 1", "half 2").refused("half 1", "quarter 1", "quarter 2");
        a.write(0, "to-both", "quarter 1").write(0, "to-both", "quarter 2").write(0, "to-both", "half 2");
        a.write(0, "to-both", "half 1").write(0, "to-both", "half 2");
        b.write(0, "to-both", "large").write(0, "to-both", "large");
        assertThat(reconcile()).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");

        a.write(0, "to-both", "half 2");
        assertThat(reconcile()).hasToString("lost=0 duplicated=1 misrouted=0 altered=0");

        a.entries.remove(1);
        assertThat(reconcile()).hasToString("lost=1 duplicated=1 misrouted=0 altered=0");
    }

    @Test
    void partsOfPartsKeepTheirOrder() throws Exception {
        source.write(0, "to-a", "large");
        a.refused("large", "half 1", "half 2")
                .refused("half 1", "quarter 1", "quarter 2")
                .refused("half 2", "quarter 3", "quarter 4");
        for (int quarter = 1; quarter <= 4; quarter++) {
            a.write(0, "to-a", "quarter " + quarter);
        }
        assertThat(reconcile().reordered()).isZero();

        a.entries.add(a.entries.remove(2));
        assertThat(reconcile().reordered()).isEqualTo(1);
    }

    @Test
    void partOfAGroupThatNobodyHasRefusedIsAltered() throws Exception {
        source.write(0, "to-a", "large");
        a.write(0, "to-a", "half 1").write(0, "to-a", "half 2");

        assertThat(reconcile()).hasToString("lost=1 duplicated=0 misrouted=0 altered=2");
    }

    @Test
    void aLineOfALedgerKeepsTheParts() throws Exception {
        source.writeInParts("to-a", "large", "one", "two").write(0, "to-a", "small");

        List<LedgerEntry> read = new ArrayList<>();
        LedgerLines.write(source.entries()).forEachRemaining(line -> read.add(LedgerLines.read(line)));

        assertThat(read).isEqualTo(source.entries);
    }

    @Test
    void namesTheFirstOffendersOfEachKindTheLostFirst() throws Exception {
        for (int i = 0; i < 50; i++) {
            source.write(0, "to-a", "twice " + i);
            a.write(0, "to-a", "twice " + i).write(0, "to-a", "twice " + i);
        }
        source.write(3, "to-a", "gone");

        List<String> offenders = reconcile().offenders();

        assertThat(offenders).hasSize(21);
        assertThat(offenders.get(0)).startsWith("a: lost").contains("shard 3", "topic 'to-a'");
        assertThat(offenders.get(20)).startsWith("a: duplicated");
    }

    @Test
    void whatIsOutOfOrderBreaksOnlyOrderedTargets() throws Exception {
        source.write(0, "to-both", "one").write(0, "to-both", "two");
        a.write(0, "to-both", "two").write(0, "to-both", "one");
        b.write(0, "to-both", "one").write(0, "to-both", "two");

        assertThat(reconcile().isWhole()).isTrue();
        Reconciliation found = Reconciler.of(source, ReconcilerTest::routes)
                .orderedTarget("a", a)
                .target("b", b)
                .compare();
        assertThat(found.isWhole()).isFalse();
        assertThat(found.offenders()).singleElement().asString().startsWith("a: reordered");
    }

    @Test
    void tellsOfEachRepeatAndOfTheArrivalBeforeIt() throws Exception {
        source.write(0, "to-a", "one");
        a.write(0, "to-a", "one").write(0, "to-a", "one").write(0, "to-a", "one");
        List<String> repeats = new ArrayList<>();

        comparing()
                .onRepeat((target, repeat, earlier) ->
                        repeats.add(target + " " + repeat.receivedMillis() + " after " + earlier))
                .compare();

        assertThat(repeats).containsExactly("a 1 after 0", "a 2 after 1");
    }

    @Test
    void aTopicThatIsRoutedToAnUnnamedTargetIsAMistakeOfTheTest() {
        source.write(0, "to-both", "one");

        assertThatThrownBy(() -> Reconciler.of(source, ReconcilerTest::routes)
                        .target("a", a)
                        .compare())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unknown target b, expected one of [a]");
    }

    @Test
    void theOneThatIsMissingAmongAMillionIsFound() throws Exception {
        int groups = 1_000_000;
        LogstoreLedger many = new Generated("many", groups);

        Reconciliation found = Reconciler.reconcile(
                many, new TreeMap<>(Map.of("a", new Generated("a", groups - 1))), topic -> Set.of("a"));

        assertThat(found).hasToString("lost=1 duplicated=0 misrouted=0 altered=0");
        assertThat(found.groups()).isEqualTo(groups);
    }

    private record Generated(String name, int groups) implements LogstoreLedger {

        @Override
        public Iterator<LedgerEntry> entries() {
            return IntStream.range(0, groups)
                    .mapToObj(i -> new LedgerEntry(i % 4, i, i, 100, new GroupDigest(i * 31L, i), "topic " + i % 100))
                    .iterator();
        }
    }

    private Reconciler comparing() {
        return Reconciler.of(source, ReconcilerTest::routes).target("a", a).target("b", b);
    }

    private static Set<String> routes(String topic) {
        return switch (topic) {
            case "to-a" -> Set.of("a");
            case "to-both" -> Set.of("a", "b");
            default -> Set.of();
        };
    }

    private Reconciliation reconcile() throws Exception {
        return Reconciler.reconcile(source, new TreeMap<>(Map.of("a", a, "b", b)), ReconcilerTest::routes);
    }

    private static final class Books implements LogstoreLedger {

        private final String name;
        private final List<LedgerEntry> entries = new ArrayList<>();
        private final Map<GroupDigest, List<GroupDigest>> refused = new HashMap<>();

        private Books(String name) {
            this.name = name;
        }

        Books write(int shard, String topic, String content) {
            return write(shard, topic, content, List.of());
        }

        Books writeInParts(String topic, String content, String... parts) {
            return write(0, topic, content, List.of(parts));
        }

        private Books write(int shard, String topic, String content, List<String> parts) {
            int next = entries.size();
            entries.add(new LedgerEntry(
                    shard,
                    next,
                    next,
                    content.length(),
                    digest(content),
                    topic,
                    parts.stream().map(Books::digest).toList()));
            return this;
        }

        Books refused(String whole, String... parts) {
            refused.put(digest(whole), Stream.of(parts).map(Books::digest).toList());
            return this;
        }

        private static GroupDigest digest(String content) {
            return GroupDigest.of(content.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Iterator<LedgerEntry> entries() {
            return List.copyOf(entries).iterator();
        }

        @Override
        public Map<GroupDigest, List<GroupDigest>> partsOfRefused() {
            return refused;
        }
    }
}
