package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.model.Shard;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Listings that lack shards, show old states or show shards twice. */
class ListingValidatorTest extends EnumeratorFixture {

    @Test
    void ignoresAListingThatShowsAReadOnlyShardWritableAgain() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        List<Shard> before = service.shards();
        service.split(0, 2);
        rig.discover();
        service.changeNextListing(now -> before);
        rig.discover();
        finish(rig, 0);

        assertThat(rig.assigned()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    @Test
    void doesNotTakeAShardForGoneThatAListingLacks() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        service.split(0, 2);
        rig.discover();
        for (int i = 0; i < 3; i++) {
            service.changeNextListing(
                    shards -> shards.stream().filter(shard -> shard.id() != 0).toList());
            rig.discover();
        }
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void looksAgainWhenAListingLacksShardsThatTakeWrites() throws IOException {
        service.changeNextListing(
                shards -> shards.stream().filter(shard -> shard.id() != 3).toList());
        EnumeratorRig rig = rig(plain, 1).readersStart().tick();
        assertThat(rig.assigned()).isEmpty();

        rig.advance(Duration.ofSeconds(1));
        assertThat(rig.tick().assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void looksAgainWhenTheFirstListingLacksAParent() throws IOException {
        List<Integer> children = service.split(0, 2);
        service.changeNextListing(
                shards -> shards.stream().filter(shard -> shard.id() != 0).toList());
        EnumeratorRig rig = rig(plain, 1).readersStart().tick();
        assertThat(rig.assigned()).isEmpty();

        rig.advance(Duration.ofSeconds(1));
        assertThat(rig.tick().assigned()).contains(0, 1, 2, 3).doesNotContainAnyElementsOf(children);
    }

    @Test
    void waitsForAParentThatTwoListingsLack() throws IOException {
        List<Integer> children = service.split(0, 2);
        for (int i = 0; i < 2; i++) {
            service.changeNextListing(
                    shards -> shards.stream().filter(shard -> shard.id() != 0).toList());
        }
        EnumeratorRig rig = rig(plain, 1).readersStart().discover().discover();
        assertThat(rig.assigned()).isEmpty();

        assertThat(rig.discover().assigned()).contains(0, 1, 2, 3).doesNotContainAnyElementsOf(children);
    }

    @Test
    void completesAListingByAnotherOneThatLacksOtherShards() throws IOException {
        List<Integer> children = service.split(0, 2);
        for (int lacking : List.of(0, 3)) {
            service.changeNextListing(shards ->
                    shards.stream().filter(shard -> shard.id() != lacking).toList());
        }
        EnumeratorRig rig = rig(plain, 1).readersStart().discover().discover();

        assertThat(rig.assigned()).contains(0, 1, 2, 3).doesNotContainAnyElementsOf(children);
    }

    @Test
    void takesAShardOnceThatAListingShowsTwice() throws IOException {
        service.split(0, 2);
        service.changeNextListing(
                shards -> Stream.concat(shards.stream(), shards.stream()).toList());
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();

        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void readsALogstoreWhoseOldestShardsAreGone() throws IOException {
        List<Integer> children = service.split(0, 2);
        service.remove(0);
        EnumeratorRig rig = rig(plain, 1).readersStart().tick();

        for (int i = 0; i < ListingValidator.CONFIRMATIONS; i++) {
            rig.advance(Duration.ofSeconds(1));
            rig.tick();
        }
        assertThat(rig.assigned()).contains(1, 2, 3).containsAll(children);
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();
    }

    @Test
    void neverBelievesAListingWithoutAnyShard() throws IOException {
        TestConfigs configs = plain.stop(new StoppingPosition.Now());
        EnumeratorRig rig = rig(configs, 1).readersStart();
        for (int i = 0; i < 3; i++) {
            service.changeNextListing(shards -> List.of());
            rig.discover();
        }
        assertThat(rig.isEnded(0)).isFalse();
        assertThat(rig.gauge(SourceMetricNames.DISCOVERY_FAILURES)).isEqualTo(3);

        assertThat(rig.discover().assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void doesNotReadAGrandchildBeforeAParentThatAListingLacks() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        List<Integer> children = service.split(0, 2);
        List<Integer> grandchildren = service.split(children.get(0), 2);
        service.changeNextListing(shards ->
                shards.stream().filter(shard -> shard.id() != children.get(0)).toList());
        rig.discover();
        finish(rig, 0);
        assertThat(rig.assigned()).doesNotContainAnyElementsOf(grandchildren);

        rig.discover();
        assertThat(rig.assigned()).containsAll(children).doesNotContainAnyElementsOf(grandchildren);
    }
}
