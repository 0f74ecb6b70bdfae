package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bounded run does not end before it has seen all of its shards, though listings may be old or lack shards. */
class BoundedRunCompletionTest {

    private static final Duration MARGIN = Duration.ofSeconds(20);

    private final FakeSls service = new FakeSls(2);
    private final TestConfigs plain = TestConfigs.of(service.logstore()).listingMargin(MARGIN);

    @AfterEach
    void stopService() {
        service.close();
    }

    private EnumeratorRig start(TestConfigs configs) throws IOException {
        return new EnumeratorRig(service, configs.config(), 1).readersStart();
    }

    /** Time passes here and at the service, and what is due is done. */
    private void pass(EnumeratorRig rig, Duration time) {
        rig.advance(time);
        rig.tick();
    }

    private static void finish(EnumeratorRig rig, Integer... shards) {
        for (int shard : shards) {
            rig.enumerator().handleSourceEvent(0, new ShardsFinished(List.of(shard)));
        }
    }

    private static ShardSplit splitOf(EnumeratorRig rig, int shard) {
        return rig.splitsFor(0).stream()
                .filter(split -> split.shard() == shard)
                .findFirst()
                .orElseThrow();
    }

    // ---- a stop time

    /** The answer is whole, and from before a split that happened just before the stop. */
    @Test
    void aRunUpToATimeIsNotEndedByAListingThatIsOldButWhole() throws IOException {
        StoppingPosition stop = new StoppingPosition.At(service.now().plusSeconds(5));
        EnumeratorRig rig = start(plain.stop(stop)).tick();
        List<Shard> old = service.shards();
        List<Integer> children = service.split(0, 2);
        children.forEach(child -> service.writeMany(child, "just before the stop", 5));
        pass(rig, Duration.ofSeconds(6));
        finish(rig, 0, 1);
        service.changeNextListing(now -> old);
        pass(rig, MARGIN.minusSeconds(4));
        service.heal();
        assertThat(rig.isEnded(0)).isFalse();

        pass(rig, Duration.ofSeconds(4));
        assertThat(rig.assigned()).containsAll(children);
        assertThat(rig.isEnded(0)).isFalse();
        children.forEach(child -> finish(rig, child));
        assertThat(rig.isEnded(0)).isTrue();
    }

    @Test
    void theListingThatEndsARunIsAskedForAsSoonAsTheMarginIsOver() throws IOException {
        EnumeratorRig rig =
                start(plain.stop(new StoppingPosition.At(service.now()))).tick();
        finish(rig, 0, 1);
        assertThat(rig.isEnded(0)).isFalse();
        int listings = service.calls("ListShards").size();
        pass(rig, MARGIN.minusSeconds(1));
        assertThat(service.calls("ListShards")).hasSize(listings);

        pass(rig, Duration.ofSeconds(1));
        assertThat(rig.isEnded(0)).isTrue();
        assertThat(service.calls("ListShards")).hasSize(listings + 1);
    }

    @Test
    void aStopThatIsLongPastCostsNoWaiting() throws IOException {
        EnumeratorRig rig = start(
                        plain.stop(new StoppingPosition.At(service.now().minus(MARGIN))))
                .tick();
        finish(rig, 0, 1);

        assertThat(rig.isEnded(0)).isTrue();
        assertThat(service.calls("ListShards")).hasSize(1);
    }

    /** Without the service's time the local clock decides, which may be ahead by as much as the service tolerates. */
    @Test
    void theLocalClockIsTrustedLessThanTheServices() throws IOException {
        service.hideClock();
        EnumeratorRig rig = start(
                        plain.stop(new StoppingPosition.At(service.now().minus(MARGIN))))
                .tick();
        finish(rig, 0, 1);
        assertThat(rig.isEnded(0)).isFalse();

        pass(rig, Duration.ofMinutes(15));
        assertThat(rig.isEnded(0)).isTrue();
    }

    @Test
    void aRunUpToATimeWaitsForTheChildrenOfAShardThatAListingShowsWithoutThem() throws IOException {
        List<Integer> children = service.split(0, 2);
        TestConfigs configs = plain.stop(new StoppingPosition.At(service.now().minus(MARGIN)));
        EnumeratorRig rig = start(configs);
        listingsLack(children.get(1), 1 + ListingValidator.CONFIRMATIONS);
        for (int i = 0; i <= ListingValidator.CONFIRMATIONS; i++) {
            pass(rig, Duration.ofSeconds(1));
        }
        finish(rig, 0, 1);
        finish(rig, children.get(0));
        assertThat(rig.isEnded(0)).isFalse();
        assertThat(rig.gauge(SourceMetricNames.DISCOVERY_FAILURES)).isPositive();

        rig.discover();
        assertThat(rig.assigned()).contains(children.get(1));
        finish(rig, children.get(1));
        assertThat(rig.isEnded(0)).isTrue();
    }

    /** A listing that lacks them for ever must not keep the run for ever, and must not end it as if all were read. */
    @Test
    void aRunFailsWhenListingsLackTheChildrenForLongerThanListingsMayFail() throws IOException {
        List<Integer> children = service.split(0, 2);
        service.remove(children.get(1));
        EnumeratorRig rig =
                start(plain.stop(new StoppingPosition.At(service.now().minus(MARGIN))));
        rig.discover().discover().discover();

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 6; i++) {
                        rig.discover();
                    }
                })
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("shows shards [0] as split or merged")
                .hasMessageContaining("longer than the limit of 5 min");
    }

    private void listingsLack(int shard, int times) {
        for (int i = 0; i < times; i++) {
            service.changeNextListing(shards ->
                    shards.stream().filter(other -> other.id() != shard).toList());
        }
    }

    // ---- "now"

    /** No source says that every machine of the service knows the newest end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aRunThatStopsNowReadsWhatAnOldEndLeavesOut(int behind) throws IOException {
        service.writeMany(0, "before the run", 5);
        service.spellCursors(cursor -> cursor.equals(FakeSls.cursorOf(5)) ? FakeSls.cursorOf(5 - behind) : cursor);

        EnumeratorRig rig = start(plain.stop(new StoppingPosition.Now())).tick();

        assertThat(splitOf(rig, 0).stopCursor()).isEqualTo(FakeSls.cursorOf(5));
    }

    @Test
    void aRunThatStopsNowReadsShardsThatItsFirstListingWasTooOldFor() throws IOException {
        service.advanceSeconds(100);
        List<Shard> old = service.shards();
        List<Integer> children = service.split(0, 2);
        children.forEach(child -> service.writeMany(child, "before the run", 5));
        service.advanceSeconds(2);
        service.changeNextListing(now -> old);
        EnumeratorRig rig = start(plain.stop(new StoppingPosition.Now())).tick();
        finish(rig, 0, 1);
        assertThat(rig.isEnded(0)).isFalse();

        pass(rig, MARGIN);
        assertThat(rig.assigned()).containsAll(children);
        assertThat(splitOf(rig, children.get(0)).position()).isEqualTo(Position.at(FakeSls.cursorOf(0)));
        assertThat(splitOf(rig, children.get(0)).stopCursor()).isEqualTo(FakeSls.cursorOf(5));
        children.forEach(child -> finish(rig, child));
        assertThat(rig.isEnded(0)).isTrue();
    }

    @Test
    void aRunThatStopsNowDoesNotReadShardsThatAreYoungerThanIt() throws IOException {
        EnumeratorRig rig = start(plain.stop(new StoppingPosition.Now())).tick();
        pass(rig, Duration.ofSeconds(10));
        List<Integer> children = service.split(0, 2);
        children.forEach(child -> service.writeMany(child, "later", 5));
        finish(rig, 0, 1);

        pass(rig, MARGIN);
        assertThat(rig.assigned()).containsExactly(0, 1);
        assertThat(rig.isEnded(0)).isTrue();
    }

    /** A shard without a creation time may be older, and better too much is read. */
    @Test
    void aRunThatStopsNowReadsShardsOfWhichTheCreationIsNotKnown() throws IOException {
        List<Shard> old = service.shards();
        service.split(0, 2);
        service.changeNextListing(now -> old);
        EnumeratorRig rig = start(plain.stop(new StoppingPosition.Now())).tick();
        service.changeNextListing(shards -> shards.stream()
                .map(shard -> new Shard(shard.id(), shard.range(), shard.writable(), 0))
                .toList());
        pass(rig, MARGIN);
        finish(rig, 0, 1);

        assertThat(rig.assigned()).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRestartBetweenTheTwoListingsChangesNothing(boolean childrenAreYounger) throws IOException {
        TestConfigs configs = plain.stop(new StoppingPosition.Now());
        List<Shard> old = service.shards();
        if (!childrenAreYounger) {
            service.split(0, 2);
        }
        service.changeNextListing(now -> old);
        EnumeratorRig first = start(configs).tick();
        List<ShardSplit> held = first.splitsFor(0);
        EnumeratorState state = first.snapshot(1);
        service.advanceSeconds(600);
        if (childrenAreYounger) {
            service.split(0, 2);
        }

        EnumeratorRig rig = new EnumeratorRig(service, configs.config(), 1, state).readerStarts(0, held);
        finish(rig, 0, 1);
        rig.tick();
        assertThat(rig.isEnded(0)).isFalse();
        pass(rig, MARGIN);
        assertThat(rig.assigned()).isEqualTo(childrenAreYounger ? List.of() : List.of(2, 3));
        assertThat(rig.isEnded(0)).isEqualTo(childrenAreYounger);
    }

    /** The state of a run that has seen all needs no further listing, and takes no further shard. */
    @Test
    void aRunThatStopsNowIsNotListedForAgainAfterARestore() throws IOException {
        TestConfigs configs = plain.stop(new StoppingPosition.Now());
        EnumeratorRig first = start(configs).tick();
        pass(first, MARGIN);
        List<ShardSplit> held = first.splitsFor(0);
        EnumeratorState state = first.snapshot(1);
        service.split(0, 2);

        EnumeratorRig rig = new EnumeratorRig(service, configs.config(), 1, state).readerStarts(0, held);
        rig.discover().discover();
        assertThat(rig.assigned()).isEmpty();
        finish(rig, 0, 1);
        assertThat(rig.isEnded(0)).isTrue();
    }
}
