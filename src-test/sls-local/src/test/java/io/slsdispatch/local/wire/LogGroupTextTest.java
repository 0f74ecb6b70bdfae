package io.slsdispatch.local.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.aliyun.openservices.log.common.Logs;
import com.google.protobuf.ByteString;
import io.slsdispatch.local.wire.LogGroupText.Limits;
import io.slsdispatch.local.wire.LogGroupText.Log;
import io.slsdispatch.local.wire.LogGroupText.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogGroupTextTest {

    private static Logs.LogGroup.Builder group() {
        return Logs.LogGroup.newBuilder()
                .setTopic("t")
                .setSource("s")
                .setMachineUUID("m")
                .addLogTags(Logs.LogTag.newBuilder()
                        .setKey("k")
                        .setValueBytes(ByteString.copyFrom(new byte[] {(byte) 0xff, 'v'})))
                .addLogs(log(1, "one"))
                .addLogs(log(0xffffffff, "two"));
    }

    private static Logs.Log.Builder log(int time, String text) {
        return Logs.Log.newBuilder()
                .setTime(time)
                .addContents(Logs.Log.Content.newBuilder().setKey("text").setValue(text))
                .addContents(Logs.Log.Content.newBuilder().setKey("").setValue(""));
    }

    @Test
    void readsAllOfAGroup() {
        assertThat(LogGroupText.read(group().build().toByteArray(), Limits.NONE))
                .isEqualTo(new LogGroupText(
                        "t",
                        "s",
                        List.of(new Pair("k", "\udcffv")),
                        2,
                        List.of(
                                new Log(1, List.of(new Pair("text", "one"), new Pair("", ""))),
                                new Log(4_294_967_295L, List.of(new Pair("text", "two"), new Pair("", ""))))));
        assertThat(LogGroupText.read(new byte[0], Limits.NONE))
                .isEqualTo(new LogGroupText("", "", List.of(), 0, List.of()));
    }

    @Test
    void readsAPartAndSaysSo() {
        LogGroupText part = LogGroupText.read(
                group().setTopic("日本語")
                        .addLogTags(Logs.LogTag.newBuilder().setKey("b").setValue("b"))
                        .build()
                        .toByteArray(),
                new Limits(1, 1, 4));

        assertThat(part.topic()).as("no half a character").isEqualTo("日... (9 bytes)");
        assertThat(part.tags()).hasSize(1);
        assertThat(part.logCount()).isEqualTo(2);
        assertThat(part.logs()).singleElement().satisfies(log -> assertThat(log.contents())
                .hasSize(1));
    }

    @Test
    void refusesWhatIsNoGroup() {
        for (byte[] bytes : List.of(new byte[] {1, 2, 3}, new byte[] {10, 2, 8}, new byte[] {10, 0})) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> LogGroupText.read(bytes, Limits.NONE))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("PostBodyInvalid"));
        }
    }
}
