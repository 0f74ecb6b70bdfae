package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The consumer group that shows progress, and the one that the start was taken from. */
class ConsumerGroupTest extends EnumeratorFixture {

    @Test
    void makesTheConsumerGroupOnce() throws IOException {
        rig(plain.consumerGroup("progress"), 1).discover().discover();

        assertThat(service.hasConsumerGroup("progress")).isTrue();
        assertThat(service.calls("CreateConsumerGroup")).hasSize(1);
    }

    @Test
    void runsWithoutAConsumerGroupWhenThereAreTooMany() throws IOException {
        service.consumerGroupQuota(0);
        EnumeratorRig rig =
                rig(plain.consumerGroup("progress"), 1).readersStart().discover();

        assertThat(rig.assigned()).hasSize(4);
        assertThat(rig.gauge(SourceMetricNames.GROUP_COMMIT_DISABLED)).isEqualTo(1);

        service.consumerGroupQuota(1);
        rig.discover();
        assertThat(rig.gauge(SourceMetricNames.GROUP_COMMIT_DISABLED)).isZero();
    }

    @Test
    void noticesThatSomebodyStillMovesTheGroupThatItTookItsStartFrom() throws IOException {
        service.commit("script", 0, FakeSls.cursorOf(0));
        service.commit("script", 1, FakeSls.cursorOf(0));
        TestConfigs configs = plain.start(new StartingPosition.Committed("script", new StartingPosition.Begin()));
        EnumeratorRig rig = rig(configs.consumerGroup("progress"), 1)
                .readersStart()
                .discover()
                .discover();
        assertThat(rig.gauge(SourceMetricNames.START_GROUP_COMMITS)).isZero();

        service.commit("script", 0, FakeSls.cursorOf(1));
        service.commit("script", 2, FakeSls.cursorOf(1));
        rig.discover().discover();
        assertThat(rig.gauge(SourceMetricNames.START_GROUP_COMMITS)).isEqualTo(2);

        service.refuse(ErrorKind.NOT_FOUND, "GetCheckPoint");
        rig.discover();
        service.heal();
        service.commit("script", 1, FakeSls.cursorOf(1));
        rig.discover();
        assertThat(rig.gauge(SourceMetricNames.START_GROUP_COMMITS)).isEqualTo(3);
    }

    @Test
    void doesNotTakeItsOwnProgressForThatOfTheConsumersBeforeIt() throws IOException {
        service.commit("shared", 0, FakeSls.cursorOf(0));
        TestConfigs configs = plain.start(new StartingPosition.Committed("shared", new StartingPosition.Begin()));
        EnumeratorRig rig =
                rig(configs.consumerGroup("shared"), 1).readersStart().discover();

        service.commit("shared", 0, FakeSls.cursorOf(1));
        rig.discover();
        assertThat(rig.gauge(SourceMetricNames.START_GROUP_COMMITS)).isZero();
    }
}
