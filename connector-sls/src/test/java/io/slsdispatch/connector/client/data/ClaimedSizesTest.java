package io.slsdispatch.connector.client.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.slsdispatch.connector.client.exchange.Answer;
import io.slsdispatch.connector.client.exchange.ArrayPool;
import io.slsdispatch.connector.client.exchange.TestAnswers;
import io.slsdispatch.connector.wire.Lz4;
import java.lang.management.ManagementFactory;
import java.util.Map;
import net.jpountz.lz4.LZ4Exception;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A size that is only claimed does not make this process allocate it. */
class ClaimedSizesTest {

    private static final int CLAIM = 64 << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(strings = {"lz4", "zstd", "deflate", ""})
    void aSmallAnswerThatClaimsALargeOneIsUnreadable(String compression) {
        PulledBatches batches = new PulledBatches(new ArrayPool(1 << 20));
        Answer answer = TestAnswers.of(
                200,
                Map.of(
                        "x-log-count",
                        "7",
                        "x-log-bodyrawsize",
                        String.valueOf(CLAIM),
                        "x-log-cursor",
                        "MTc=",
                        "x-log-compresstype",
                        compression),
                new byte[64]);

        long allocated = allocated(
                () -> assertThatThrownBy(() -> batches.packed(answer, "MTY=").unpack())
                        .isInstanceOf(Answer.UnreadableException.class));

        assertThat(allocated).isLessThan(CLAIM / 4);
    }

    @Test
    void aSmallBlockThatClaimsALargeOneIsInvalid() {
        long allocated = allocated(() -> assertThatThrownBy(() -> Lz4.decompress(new byte[64], 0, 64, CLAIM))
                .isInstanceOf(LZ4Exception.class));

        assertThat(allocated).isLessThan(CLAIM / 4);
    }

    private long allocated(Runnable action) {
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        action.run();
        return threads.getThreadAllocatedBytes(thread) - before;
    }
}
