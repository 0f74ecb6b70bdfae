package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.model.Position;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a shard starts that no state knows. */
class StartResolverTest extends EnumeratorFixture {

    @Test
    void readsShardsThatAppearLaterFromTheirBeginningWhateverTheStart() throws IOException {
        service.writeMany(0, "old", 5);
        EnumeratorRig rig = rig(
                        plain.start(new StartingPosition.At(service.now().plusSeconds(3600))), 1)
                .readersStart()
                .discover();
        List<Integer> children = service.split(0, 2);
        // Before the start, which therefore must not be asked for here.
        service.writeMany(children.get(0), "new", 3);
        rig.discover();
        finish(rig, 0);

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(5)));
        assertThat(positionOf(rig, children.get(0))).isEqualTo(Position.at(FakeSls.cursorOf(0)));
    }

    @Test
    void resolvesTheSameStartAgainWhenItFailsBeforeTheFirstCheckpoint() throws IOException {
        service.writeMany(0, "old", 5);
        service.advanceSeconds(10);
        TestConfigs configs = plain.start(new StartingPosition.At(service.now()));
        rig(configs, 1).readersStart().discover();
        service.advanceSeconds(5);
        service.writeMany(0, "meanwhile", 5);

        EnumeratorRig again = rig(configs, 1).readersStart().discover();

        assertThat(positionOf(again, 0)).isEqualTo(Position.at(FakeSls.cursorOf(5)));
    }

    @Test
    void keepsAResolvedStartInState() throws IOException {
        service.writeMany(0, "old", 5);
        EnumeratorState state = rig(plain, 1).discover().snapshot(1);
        service.trim(0, 3);

        EnumeratorRig rig = restored(plain, 1, state).readersStart();

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(0)));
    }

    @Test
    void continuesWhereAConsumerGroupStands() throws IOException {
        service.writeMany(0, "g", 9);
        service.commit("script", 0, FakeSls.cursorOf(7));
        service.advanceSeconds(60);
        TestConfigs configs =
                plain.start(new StartingPosition.Committed("script", new StartingPosition.At(service.now())));

        EnumeratorRig rig = rig(configs, 1).readersStart().discover();

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(7)));
    }

    @Test
    void readsChildrenOfShardsThatTheConsumerGroupReadFromTheirBeginning() throws IOException {
        service.commit("script", 0, FakeSls.cursorOf(0));
        List<Integer> children = service.split(0, 2);
        service.writeMany(children.get(0), "unread", 4);
        service.writeMany(1, "never read by the script", 4);
        service.advanceSeconds(60);
        EnumeratorRig rig = rig(
                        plain.start(new StartingPosition.Committed("script", new StartingPosition.At(service.now()))),
                        1)
                .readersStart()
                .discover();
        finish(rig, 0);

        assertThat(positionOf(rig, children.get(0))).isEqualTo(Position.at(FakeSls.cursorOf(0)));
        assertThat(positionOf(rig, 1)).isEqualTo(Position.at(FakeSls.cursorOf(4)));
    }

    @Test
    void refusesAStartGroupThatDoesNotExistButMustAndNamesThoseThatDo() throws IOException {
        service.commit("script", 0, FakeSls.cursorOf(0));
        EnumeratorRig rig = rig(
                        plain.start(new StartingPosition.Committed("scirpt", new StartingPosition.Begin(), true)), 1)
                .readersStart();

        assertThatThrownBy(rig::discover)
                .hasMessageContaining("Consumer group 'scirpt' of " + service.logstore())
                .hasMessageContaining("The logstore has script");
        assertThat(rig.assigned()).isEmpty();
    }

    @Test
    void doesNotCreateTheGroupForProgressBeforeTheStartIsReadFromIt() throws IOException {
        EnumeratorRig rig = rig(
                        plain.start(new StartingPosition.Committed("mine", new StartingPosition.Begin(), true))
                                .consumerGroup("mine"),
                        1)
                .readersStart();

        assertThatThrownBy(rig::discover).hasMessageContaining("Consumer group 'mine'");
        assertThat(service.hasConsumerGroup("mine")).isFalse();

        rig(
                        plain.start(new StartingPosition.Committed("mine", new StartingPosition.Begin()))
                                .consumerGroup("mine"),
                        1)
                .readersStart()
                .discover()
                .discover();
        assertThat(service.hasConsumerGroup("mine")).isTrue();
    }

    @Test
    void startsElsewhereWhenTheConsumerGroupDoesNotExist() throws IOException {
        service.writeMany(0, "g", 9);
        EnumeratorRig rig = rig(plain.start(new StartingPosition.Committed("nobody", new StartingPosition.Begin())), 1)
                .readersStart()
                .discover();

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(0)));
        assertThat(rig.gauge(SourceMetricNames.START_GROUP_MISSING)).isEqualTo(1);
    }
}
