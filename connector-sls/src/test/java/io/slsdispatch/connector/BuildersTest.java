package io.slsdispatch.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.sink.SlsSink;
import io.slsdispatch.connector.source.SlsSource;
import org.apache.flink.util.InstantiationUtil;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Source and sink are built in the same way and refuse the same mistakes by the same exceptions. */
class BuildersTest {

    private static final ConnectionConfig CONNECTION = ConnectionConfig.of(
            Endpoint.parse("https://cn-hangzhou.log.aliyuncs.com"), new CredentialsConfig.File("/keys.json"));

    private static SlsSource.Builder source() {
        return SlsSource.builder().connection(CONNECTION).logstore("my-project", "access-log");
    }

    private static SlsSink.Builder sink() {
        return SlsSink.builder().connection(CONNECTION).logstore("my-project", "access-log");
    }

    private static void assertFail(
            Class<? extends Exception> type, String message, ThrowingCallable source, ThrowingCallable sink) {
        assertThatThrownBy(source).isExactlyInstanceOf(type).hasMessageContaining(message);
        assertThatThrownBy(sink).isExactlyInstanceOf(type).hasMessageContaining(message);
    }

    @Test
    void connectionAndLogstoreSuffice() throws Exception {
        SlsSource source = InstantiationUtil.clone(source().build());
        SlsSink sink = InstantiationUtil.clone(sink().build());

        assertThat(source.config().logstore()).isEqualTo(new LogstoreId("my-project", "access-log"));
        assertThat(sink).isNotNull();
    }

    @Test
    void theStartEndIsTheMomentOfTheBuild() {
        SlsSource source = source().start(new StartingPosition.End()).build();

        assertThat(source.config().start()).isInstanceOf(StartingPosition.Submission.class);
    }

    @Test
    void aWholeConfigIsTakenAsItIs() {
        LogstoreId logstore = new LogstoreId("my-project", "access-log");
        TestConfigs config = TestConfigs.of(logstore).consumerGroup("group").skippingGaps();

        assertThat(SlsSource.builder()
                        .connection(CONNECTION)
                        .config(config.config())
                        .build()
                        .config())
                .isEqualTo(config.config());
    }

    @Test
    void whatIsMissingIsNamedAtTheBuild() {
        assertFail(
                NullPointerException.class,
                "call connection(",
                () -> SlsSource.builder().logstore("my-project", "access-log").build(),
                () -> SlsSink.builder().logstore("my-project", "access-log").build());
        assertFail(
                NullPointerException.class,
                "call logstore(",
                () -> SlsSource.builder().connection(CONNECTION).build(),
                () -> SlsSink.builder().connection(CONNECTION).build());
    }

    @Test
    void aNullIsRefusedWhereItIsGiven() {
        assertFail(
                NullPointerException.class,
                "connection",
                () -> SlsSource.builder().connection(null),
                () -> SlsSink.builder().connection(null));
        assertFail(
                NullPointerException.class,
                "logstore",
                () -> SlsSource.builder().logstore(null),
                () -> SlsSink.builder().logstore(null));
        assertFail(NullPointerException.class, "retries", () -> source().retries(null), () -> sink().retries(null));
    }

    @Test
    void aBadNameIsRefusedWhereItIsGiven() {
        assertFail(
                IllegalArgumentException.class,
                "project name 'My Project'",
                () -> SlsSource.builder().logstore("My Project", "access-log"),
                () -> SlsSink.builder().logstore("My Project", "access-log"));
    }

    @Test
    void optionsThatDoNotFitTogetherAreNamedAtTheBuild() {
        assertThatThrownBy(() -> source().onExpiredCursor(ExpiredCursorPolicy.LATEST)
                        .stop(new StoppingPosition.Now())
                        .build())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("onExpiredCursor is LATEST");
        assertThatThrownBy(
                        () -> sink().onReject(SinkConfig.OnReject.DEAD_LETTER).build())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("onReject or outage is DEAD_LETTER")
                .hasMessageContaining("set deadLetters");
    }

    @Test
    void aConnectionAndClientsExcludeEachOther() {
        SlsClientFactory clients = () -> {
            throw new AssertionError("nothing is made yet");
        };
        assertFail(
                IllegalStateException.class,
                "mutually exclusive",
                () -> source().clients(clients).build(),
                () -> sink().clients(clients).build());
    }

    @Test
    void aGroupOfOnesOwnIsItsTopicAndBytes() {
        byte[] bytes = {10, 0};
        RawLogGroup group = RawLogGroup.of("nginx", bytes);

        assertThat(group.topic()).isEqualTo("nginx");
        assertThat(group.bytes().array()).isSameAs(bytes);
        assertThat(group.length()).isEqualTo(2);
        assertThat(group.number()).isEmpty();
        assertThatThrownBy(() -> RawLogGroup.of(null, bytes)).isInstanceOf(NullPointerException.class);
    }
}
